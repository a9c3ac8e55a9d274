import { known } from '../domain/known.ts'

/**
 * A map that can be forked at a cost which does not grow with its content: both sides continue with the present entries and
 * never see what the other sets. The present entries are kept once, as layers that are not written to any more. Entries are
 * never removed.
 */
export class LayeredMap<K, V> {
  /** Created when something is set: most maps of most namespaces stay empty. */
  #own: Map<K, V> | undefined
  #base: LayeredMap<K, V> | undefined

  constructor (entries: Iterable<readonly [K, V]> = []) {
    for (const [key, value] of entries) this.set(key, value)
  }

  get isEmpty (): boolean {
    return this.#own === undefined && this.#base === undefined
  }

  get (key: K): V | undefined {
    const own = this.#own?.get(key)
    return own === undefined ? this.#base?.get(key) : own
  }

  has (key: K): boolean {
    return this.#own?.has(key) === true || this.#base?.has(key) === true
  }

  set (key: K, value: V): void {
    this.#own ??= new Map()
    this.#own.set(key, value)
  }

  /** In the order in which the keys were first set. The map may be forked meanwhile: what is set after that is left out. */
  * entries (): Generator<[K, V]> {
    const [own, base] = [this.#own, this.#base]
    if (base !== undefined) {
      for (const [key, value] of base.entries()) yield [key, own?.has(key) === true ? own.get(key) as V : value]
    }
    for (const [key, value] of own ?? []) {
      if (base?.has(key) !== true) yield [key, value]
    }
  }

  /** Returns another map with the same entries. */
  fork (): LayeredMap<K, V> {
    // Forks of a map that has not changed meanwhile share a layer.
    if (this.#own !== undefined) {
      this.#base = this.#layer(this.#own)
      this.#own = undefined
    }
    const fork = new LayeredMap<K, V>()
    fork.#base = this.#base
    return fork
  }

  /**
   * Returns a layer of these entries over the present ones. Each layer is smaller than the one below, so that there are few
   * however often the map changes and is forked: layers that are not larger are copied together with the entries.
   */
  #layer (entries: Map<K, V>): LayeredMap<K, V> {
    const layer = new LayeredMap<K, V>()
    layer.#own = entries
    layer.#base = this.#base
    while (layer.#base !== undefined) {
      const below = known(layer.#base.#own, 'a layer has entries')
      if (below.size > layer.#own.size) break
      layer.#own = new Map([...below, ...layer.#own])
      layer.#base = layer.#base.#base
    }
    return layer
  }
}
