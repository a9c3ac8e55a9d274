import type { Blobs } from './store/blobs.ts'
import type { Store } from './store/store.ts'
import type { Pace } from './domain/plan.ts'
import { createClock, type ClockSpec } from './domain/clock.ts'
import { createOutcomes } from './domain/outcomes.ts'
import { createNamespace, type Namespace } from './namespace.ts'

/** All namespaces, and what they have in common. */
export interface World {
  /** The seed of every namespace that brings none of its own. */
  readonly seed: string
  /** How long the work takes that is asked for from now on. */
  readonly pace: Pace
  /** Whether a file key must have been uploaded before a session can be made of it. */
  readonly uploads: UploadPolicy
  /** The namespace of that name; made when it is first asked for. Throws TooManyNamespaces. */
  namespace (name: string): Namespace
  /** The namespace of that name, if it was made. */
  find (name: string): Namespace | undefined
  /** All that were made, in that order. */
  namespaces (): Namespace[]
  /** Forgets a namespace with all that belongs to it; requests under way go on with it alone. */
  drop (name: string): Promise<void>
}

export type UploadPolicy = 'lenient' | 'strict'

/** How many namespaces there may be at a time. */
export const MAX_NAMESPACES = 10_000

export class TooManyNamespaces extends Error {
  constructor () {
    super(`There are ${MAX_NAMESPACES} namespaces already: delete some that are no longer needed.`)
  }
}

export interface WorldOptions extends Pick<World, 'seed' | 'pace' | 'uploads'> {
  /** How many requests an IP address may make in a minute; any number unless given. */
  readonly maxRate?: number | null | undefined
  readonly clock: ClockSpec
  readonly store: Store
  readonly blobs: Blobs
}

/** A world whose namespaces live in `store` and each have a clock of their own. */
export function createWorld ({ seed, pace, uploads, clock, store, blobs, maxRate = null }: WorldOptions): World {
  const namespaces = new Map<string, Namespace>()
  return {
    seed,
    pace,
    uploads,
    namespace (name) {
      const known = namespaces.get(name)
      if (known !== undefined) return known
      if (namespaces.size >= MAX_NAMESPACES) throw new TooManyNamespaces()
      const made = createNamespace({ name, seed, clock: createClock(clock), store: store.namespace(name), blobs: blobs.namespace(name), outcomes: createOutcomes(), maxRate })
      namespaces.set(name, made)
      return made
    },
    find (name) {
      return namespaces.get(name)
    },
    namespaces () {
      return [...namespaces.values()]
    },
    async drop (name) {
      const dropped = namespaces.get(name)
      namespaces.delete(name)
      await store.drop(name)
      await dropped?.blobs.drop()
      dropped?.events.emit('dropped')
    }
  }
}
