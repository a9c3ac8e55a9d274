import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { readConfig } from '../../src/config/config.ts'
import { DEMO_TOKENS } from '../../src/config/demo-data.ts'
import { start } from '../../src/start.ts'
import { withoutLoaders } from '../children.ts'
import { invoicePdf } from '../samples.ts'

/** All that a client needs to be told. */
export interface Served {
  readonly url: string
  readonly token: string
  /** A folder of the test's own, with an invoice in it. */
  readonly folder: string
  readonly pdf: string
  /** The violations of the client so far. */
  findings (): Promise<unknown[]>
}

/** A server on loopback without delays, and a file to upload. */
export async function serve (t: Test): Promise<Served> {
  const folder = t.testdir()
  const server = await start(await readConfig({ port: '0', clock: 'auto', seed: '1' }, { env: {}, folder }))
  t.teardown(async () => { await server.close() })
  const pdf = join(folder, 'invoice.pdf')
  await writeFile(pdf, await invoicePdf())
  return {
    url: server.url,
    token: DEMO_TOKENS.full,
    folder,
    pdf,
    async findings () {
      const report = await (await fetch(`${server.url}/_mock/namespaces/default/conduct`)).json() as { findings: Array<{ severity: string }> }
      return report.findings.filter(({ severity }) => severity === 'error')
    }
  }
}

/** Runs a program; what it writes. A failure has all of it in its message. */
export async function run (program: string, args: readonly string[], options: { cwd: string }): Promise<string> {
  try {
    return (await promisify(execFile)(...withoutLoaders(program, args), options)).stdout
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { stdout: string, stderr: string }
    throw new Error([message, stdout, stderr].join('\n'), { cause: error })
  }
}

/** Returns true if there is a program of that name. */
export async function isInstalled (program: string): Promise<boolean> {
  return await promisify(execFile)(program, ['--version']).then(() => true, () => false)
}
