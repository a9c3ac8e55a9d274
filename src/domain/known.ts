/** Returns a value that must exist. Throws an Error with `why` where a mistake in the program has lost it. */
export function known<T> (value: T | undefined | null, why: string): T {
  if (value === undefined || value === null) throw new Error(`impossible: ${why}`)
  return value
}
