import { readFileSync } from 'node:fs'

// Files of the package are found from here in the sources and in the build alike: both lie one folder below its root.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

/** The version of this package. */
export const VERSION = version

/** The committed OpenAPI document of the product, as JSON text. */
export function readContract (): string {
  return readFileSync(new URL('../openapi/raydocs.json', import.meta.url), 'utf8')
}

/** The committed OpenAPI document of the control API, as JSON text. */
export function readControlContract (): string {
  return readFileSync(new URL('../openapi/control.json', import.meta.url), 'utf8')
}
