import type { Blobs, NamespaceBlobs } from './store/blobs.ts'
import type { NamespaceStore, Store } from './store/store.ts'
import type { Pace } from './domain/plan.ts'
import { createOutcomes, type Outcomes } from './domain/outcomes.ts'
import { createClock, type ClockSpec, type MovableClock } from './domain/clock.ts'

/** Everything that requests of one namespace can see and change. Whoever drops it has dropped all of it. */
export interface Namespace {
  readonly name: string
  readonly clock: MovableClock
  readonly store: NamespaceStore
  readonly blobs: NamespaceBlobs
  readonly outcomes: Outcomes
}

/** All namespaces, and what they have in common. */
export interface World {
  /** Fixes every id, duration and extracted value. */
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

/** The namespace of every token that names none. */
export const DEFAULT_NAMESPACE = 'default'

/** What a namespace may be called: also the name of a folder, and so neither `.` nor `..`. */
export function isNamespaceName (text: string): boolean {
  return /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/.test(text)
}

export const NAMESPACE_RULE = 'must be 1 to 64 letters, digits, dots, dashes or underscores.'

/** How many namespaces there may be at a time. */
export const MAX_NAMESPACES = 10_000

export class TooManyNamespaces extends Error {
  constructor () {
    super(`There are ${MAX_NAMESPACES} namespaces already: delete some that are no longer needed.`)
  }
}

export interface WorldOptions extends Pick<World, 'seed' | 'pace' | 'uploads'> {
  readonly clock: ClockSpec
  readonly store: Store
  readonly blobs: Blobs
}

/** A world whose namespaces live in `store` and each have a clock of their own. */
export function createWorld ({ seed, pace, uploads, clock, store, blobs }: WorldOptions): World {
  const namespaces = new Map<string, Namespace>()
  return {
    seed,
    pace,
    uploads,
    namespace (name) {
      const known = namespaces.get(name)
      if (known !== undefined) return known
      if (namespaces.size >= MAX_NAMESPACES) throw new TooManyNamespaces()
      const made = { name, clock: createClock(clock), store: store.namespace(name), blobs: blobs.namespace(name), outcomes: createOutcomes() }
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
    }
  }
}
