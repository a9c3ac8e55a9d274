import { hash } from 'node:crypto'

/**
 * Returns the SHA-256 digest of the parts, in hexadecimal. Ids derive from it: they are functions of content (the seed, the
 * namespace and the natural key of a record), never of earlier random numbers. The same operations give the same ids.
 */
export function digestOf (...parts: ReadonlyArray<string | number | boolean>): string {
  return hash('sha256', JSON.stringify(parts), 'hex')
}

/** Returns a UUID in version 4 form that depends on `parts` alone. */
export function uuidOf (...parts: ReadonlyArray<string | number | boolean>): string {
  const hex = digestOf(...parts)
  return uuidHeadOf(hex) + hex.slice(20, 32)
}

/** Returns the first 24 characters of a UUID in version 4 form, `xxxxxxxx-xxxx-4xxx-axxx-`, from a digest. */
export function uuidHeadOf (hex: string): string {
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(17, 20)}-`
}

/** Returns a number from 0 up to but not including 1, uniformly distributed over digests; a digest holds eight, by index 0 to 7. */
export function uniform (hex: string, index: number): number {
  return Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16) / 2 ** 32
}

export function isUuid (value: string): boolean {
  return UUID.test(value)
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
