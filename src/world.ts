import type { NamespaceStore, Store } from './store/store.ts'
import type { Pace } from './domain/plan.ts'
import { createClock, type Clock, type ClockSpec } from './domain/clock.ts'

/** Everything that requests of one namespace can see and change. */
export interface Namespace {
  readonly name: string
  readonly clock: Clock
  readonly store: NamespaceStore
}

/** All namespaces, and what they have in common. */
export interface World {
  /** Fixes every id, duration and extracted value. */
  readonly seed: string
  /** How long the work takes that is asked for from now on. */
  readonly pace: Pace
  /** Whether a file key must have been uploaded before a session can be made of it. */
  readonly uploads: UploadPolicy
  /** The namespace of that name; made when it is first asked for. */
  namespace (name: string): Namespace
}

export type UploadPolicy = 'lenient' | 'strict'

/** The namespace of every token that names none. */
export const DEFAULT_NAMESPACE = 'default'

export interface WorldOptions extends Pick<World, 'seed' | 'pace' | 'uploads'> {
  readonly clock: ClockSpec
  readonly store: Store
}

/** A world whose namespaces live in `store` and each have a clock of their own. */
export function createWorld ({ seed, pace, uploads, clock, store }: WorldOptions): World {
  const namespaces = new Map<string, Namespace>()
  return {
    seed,
    pace,
    uploads,
    namespace (name) {
      let namespace = namespaces.get(name)
      if (namespace === undefined) {
        namespace = { name, clock: createClock(clock), store: store.namespace(name) }
        namespaces.set(name, namespace)
      }
      return namespace
    }
  }
}
