/** By group and field; a group that runs over an array has a list of those, one for each item. */
export type Grouped<T> = Readonly<Record<string, Entries<T>>>

export type Entries<T> = ByField<T> | ReadonlyArray<ByField<T>>

export type ByField<T> = Readonly<Record<string, T>>

/** The same groups and fields, with other values. */
export function mapGroups<T, U> (groups: Grouped<T>, map: (value: T) => U): Grouped<U> {
  return mapValues(groups, entries => Array.isArray(entries) ? entries.map((entry: ByField<T>) => mapValues(entry, map)) : mapValues(entries as ByField<T>, map))
}

/** The same keys, whatever they are called, with other values. */
export function mapValues<T, U> (object: { readonly [key: string]: T }, map: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]))
}

export function isRecord (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
