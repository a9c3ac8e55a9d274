import type { Blobs } from '../store/blobs.ts'
import type { Store } from '../store/store.ts'
import type { Pace } from '../domain/lifecycle/plan.ts'
import { createClock, resumeClock, type ClockSpec } from '../domain/lifecycle/clock.ts'
import type { OutcomeRule } from '../domain/lifecycle/outcome.ts'
import { createNamespace, type Namespace, type NamespaceSettings } from './namespace.ts'
import type { FaultRule } from '../traffic/fault-rule.ts'
import { freshFault } from '../traffic/faults.ts'

/** All namespaces, and what they have in common. */
export interface NamespaceRegistry {
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
  /** Puts what was saved in the place of a namespace, or makes it. Throws TooManyNamespaces and UnreadableDump; then all is as before. */
  restore (name: string, records: string, settings: NamespaceSettings): Promise<void>
  /** Makes a namespace that is as another one is now; each goes its own way from there. Throws TooManyNamespaces. */
  fork (source: Namespace, name: string): Promise<Namespace>
}

export type UploadPolicy = 'lenient' | 'strict'

/** How many namespaces there may be at a time. */
export const MAX_NAMESPACES = 10_000

export class TooManyNamespaces extends Error {
  constructor () {
    super(`There are ${MAX_NAMESPACES} namespaces already: delete some that are no longer needed.`)
  }
}

export interface NamespaceRegistryOptions extends Pick<NamespaceRegistry, 'seed' | 'pace' | 'uploads'> {
  /** How many requests an IP address may make in a minute; any number unless given. */
  readonly maxRate?: number | null | undefined
  readonly clock: ClockSpec
  readonly store: Store
  readonly blobs: Blobs
  /** What is scripted, and what is to go wrong, in every new namespace. */
  readonly outcomes?: ReadonlyMap<string, OutcomeRule> | undefined
  readonly faults?: readonly FaultRule[] | undefined
}

/** A world whose namespaces live in `store` and each have a clock of their own. */
export function createNamespaceRegistry ({ seed, pace, uploads, clock, store, blobs, maxRate = null, outcomes = new Map(), faults = [] }: NamespaceRegistryOptions): NamespaceRegistry {
  const namespaces = new Map<string, Namespace>()
  const freshFaults = faults.map(freshFault)

  function refuseTooMany (): void {
    if (namespaces.size >= MAX_NAMESPACES) throw new TooManyNamespaces()
  }

  return {
    seed,
    pace,
    uploads,
    namespace (name) {
      const known = namespaces.get(name)
      if (known !== undefined) return known
      refuseTooMany()
      const made = createNamespace({ name, store: store.namespace(name), blobs: blobs.namespace(name) }, { seed, clock: createClock(clock), outcomes, faults: freshFaults, maxRate })
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
    },
    async restore (name, records, settings) {
      const before = namespaces.get(name)
      if (before === undefined) refuseTooMany()
      await store.restore(name, records)
      // The bytes of uploads are no part of what is saved: those that are there stay.
      namespaces.set(name, createNamespace({ name, store: store.namespace(name), blobs: before?.blobs ?? blobs.namespace(name) }, settings))
      before?.events.emit('dropped')
    },
    async fork (source, name) {
      refuseTooMany()
      const bytes = blobs.namespace(name)
      await bytes.adopt(source.blobs)
      await store.fork(source.name, name)
      const forked = createNamespace({ name, store: store.namespace(name), blobs: bytes }, settingsOf(source))
      namespaces.set(name, forked)
      return forked
    }
  }
}

function settingsOf ({ seed, clock, outcomes, faults, rateLimit }: Namespace): NamespaceSettings {
  return { seed, clock: resumeClock(clock.spec, clock.now()), outcomes: outcomes.rules, faults: faults.list(), maxRate: rateLimit.max }
}
