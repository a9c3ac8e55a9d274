/** Values by group and field. A group that is extracted for the items of an array has a list of them, one for each item. */
export type Grouped<T> = Readonly<Record<string, Entries<T>>>

export type Entries<T> = ByField<T> | ReadonlyArray<ByField<T>>

export type ByField<T> = Readonly<Record<string, T>>

/** Maps the values of all groups and fields. */
export function mapGroups<T, U> (groups: Grouped<T>, map: (value: T) => U): Grouped<U> {
  return mapValues(groups, entries => {
    return Array.isArray(entries) ? entries.map((entry: ByField<T>) => mapValues(entry, map)) : mapValues(entries as ByField<T>, map)
  })
}

/** Maps the values of an object. Keys may have any name, `__proto__` too. */
export function mapValues<T, U> (object: { readonly [key: string]: T }, map: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]))
}

export function isRecord (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
