import { hash } from 'node:crypto'

/**
 * Ids are functions of content: of the seed, the namespace and what a thing naturally is, never of how many random
 * numbers anybody drew before. Same operations, same ids.
 */
export function digestOf (...parts: ReadonlyArray<string | number | boolean>): string {
  return hash('sha256', JSON.stringify(parts), 'hex')
}

/** A UUID in version 4 form that depends on `parts` alone. */
export function uuidOf (...parts: ReadonlyArray<string | number | boolean>): string {
  const hex = digestOf(...parts)
  return uuidHeadOf(hex) + hex.slice(20, 32)
}

/** The first 24 characters of a UUID in version 4 form, `xxxxxxxx-xxxx-4xxx-axxx-`, from a digest. */
export function uuidHeadOf (hex: string): string {
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(17, 20)}-`
}

/** The `n`th (0 to 7) of the even draws, from 0 up to but not including 1, that a digest contains. */
export function uniform (hex: string, n: number): number {
  return Number.parseInt(hex.slice(n * 8, n * 8 + 8), 16) / 2 ** 32
}

export function isUuid (value: string): boolean {
  return UUID.test(value)
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
