/**
 * Returns the value, which a rule that types cannot express guarantees to be there. Throws an Error that names the
 * impossible case otherwise.
 */
export function known<T> (value: T, impossible: string): NonNullable<T> {
  if (value === undefined || value === null) throw new Error(`Impossible: ${impossible}.`)
  return value
}
