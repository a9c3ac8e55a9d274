import { readFileSync } from 'node:fs'
import { extname } from 'node:path'

// Found in the same way in the sources and in the build: both are one folder below the root of the package.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

/** The version of this package. */
export const VERSION = version

/** The module that a text extraction worker runs: the source file in the sources, a separate entry in the build. */
export const TEXT_EXTRACTION_WORKER = new URL(`./text-extraction/worker${extname(import.meta.url)}`, import.meta.url)

/** The committed OpenAPI document of the product, as JSON text. */
export function readContract (): string {
  return readFileSync(new URL('../openapi/raydocs.json', import.meta.url), 'utf8')
}

/** The committed OpenAPI document of the control API, as JSON text. */
export function readControlContract (): string {
  return readFileSync(new URL('../openapi/control.json', import.meta.url), 'utf8')
}
