import { existsSync } from 'node:fs'
import type { Test } from 'tap'
import { chromium, type Browser } from 'playwright-core'

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', String(process.env['RAYDOCS_MOCK_TEST_CHROMIUM'])]

/** The path of a Chromium; undefined where there is none. */
export const program = PROGRAMS.find(existsSync)

/** The reason to skip a test without a browser. */
export const skip = program === undefined ? 'There is no Chromium: install one, or name it by RAYDOCS_MOCK_TEST_CHROMIUM.' : false

/** Starts a browser that ends with the test. */
export async function launch (t: Test): Promise<Browser> {
  // Tests may run as root in a container, where the sandbox of Chromium cannot be set up.
  const browser = await chromium.launch({ executablePath: String(program), args: ['--no-sandbox', '--host-resolver-rules=MAP *.test 127.0.0.1'] })
  t.teardown(async () => { await browser.close() })
  return browser
}
