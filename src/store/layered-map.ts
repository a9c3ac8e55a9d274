/**
 * A map that can be forked at once, however much it holds: both sides go on with what there was and never see what the
 * other adds. What there was is kept once, as a layer that nobody writes to any more. Nothing is ever removed.
 */
export class LayeredMap<K, V> {
  /** Made when something is set: most maps of most namespaces stay empty. */
  #own: Map<K, V> | undefined
  #base: LayeredMap<K, V> | undefined

  constructor (entries: Iterable<readonly [K, V]> = []) {
    for (const [key, value] of entries) this.set(key, value)
  }

  get isEmpty (): boolean {
    return this.#own === undefined && this.#base === undefined
  }

  get (key: K): V | undefined {
    return this.#own?.get(key) ?? this.#base?.get(key)
  }

  /** What was set since the last fork: only that may be changed in place. */
  own (key: K): V | undefined {
    return this.#own?.get(key)
  }

  has (key: K): boolean {
    return this.#own?.has(key) === true || this.#base?.has(key) === true
  }

  set (key: K, value: V): void {
    this.#own ??= new Map()
    this.#own.set(key, value)
  }

  /** In the order in which the keys were first set. */
  * entries (): Generator<[K, V]> {
    if (this.#base !== undefined) {
      for (const [key, value] of this.#base.entries()) yield [key, this.#own?.get(key) ?? value]
    }
    for (const [key, value] of this.#own ?? []) {
      if (this.#base?.has(key) !== true) yield [key, value]
    }
  }

  /** Another map that holds the same. */
  fork (): LayeredMap<K, V> {
    // Forks of one that has not changed meanwhile share a layer, so that layers do not pile up.
    if (this.#own !== undefined) {
      const layer = new LayeredMap<K, V>()
      layer.#own = this.#own
      layer.#base = this.#base
      this.#own = undefined
      this.#base = layer
    }
    const fork = new LayeredMap<K, V>()
    fork.#base = this.#base
    return fork
  }
}
