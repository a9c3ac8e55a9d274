/** Returns a value that must exist. `why` is the guarantee that it does; throws an Error that names it if it is broken. */
export function known<T> (value: T | undefined | null, why: string): T {
  if (value === undefined || value === null) throw new Error(`assertion failed: ${why}`)
  return value
}
