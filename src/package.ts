import { readFileSync } from 'node:fs'
import { extname } from 'node:path'

// Files of the package are found from here in the sources and in the build alike: both lie one folder below its root.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

/** The version of this package. */
export const VERSION = version

/** What a worker that reads documents runs: the source in the sources, an entry of its own in the build. */
export const TEXT_EXTRACTION_WORKER = new URL(`./text-extraction/worker${extname(import.meta.url)}`, import.meta.url)

/** The committed OpenAPI document of the product, as JSON text. */
export function readContract (): string {
  return readFileSync(new URL('../openapi/raydocs.json', import.meta.url), 'utf8')
}

/** The committed OpenAPI document of the control API, as JSON text. */
export function readControlContract (): string {
  return readFileSync(new URL('../openapi/control.json', import.meta.url), 'utf8')
}
