import { EventEmitter } from 'node:events'
import type { NamespaceBlobs } from '../store/blobs.ts'
import type { NamespaceStore } from '../store/store.ts'
import type { MovableClock } from '../domain/lifecycle/clock.ts'
import type { OutcomeRule } from '../domain/lifecycle/outcome.ts'
import type { Outcomes } from '../domain/lifecycle/outcomes.ts'
import { createOutcomes } from '../domain/lifecycle/outcomes.ts'
import { createFaults, type Fault, type Faults } from '../traffic/faults.ts'
import { createRateLimit, type RateLimit } from '../traffic/rate-limit.ts'
import { createJournal, type Exchange, type Journal } from '../traffic/journal.ts'

/** Everything that requests of one namespace can see and change. Whoever drops it has dropped all of it. */
export interface Namespace {
  readonly name: string
  /** Fixes every id, duration and extracted value. */
  readonly seed: string
  readonly clock: MovableClock
  readonly store: NamespaceStore
  readonly blobs: NamespaceBlobs
  readonly outcomes: Outcomes
  readonly faults: Faults
  readonly rateLimit: RateLimit
  readonly journal: Journal
  readonly events: EventEmitter<NamespaceEvents>
}

export interface NamespaceEvents {
  /** Something may be otherwise than before: the clock was moved, or a fact was added. */
  changed: []
  /** A request was answered; then, too, something may be otherwise. */
  answered: [Exchange]
  /** The namespace was dropped. */
  dropped: []
}

/** What is to be known of a namespace beside its records, to make another one like it. */
export interface NamespaceSettings {
  readonly seed: string
  readonly clock: MovableClock
  readonly outcomes: ReadonlyMap<string, OutcomeRule>
  readonly faults: readonly Fault[]
  readonly maxRate: number | null
}

/** What a namespace is made of beside its settings. */
export interface NamespaceParts {
  readonly name: string
  readonly store: NamespaceStore
  readonly blobs: NamespaceBlobs
}

export function createNamespace (parts: NamespaceParts, { seed, clock, outcomes, faults, maxRate }: NamespaceSettings): Namespace {
  return {
    ...parts,
    seed,
    clock,
    outcomes: createOutcomes(outcomes),
    faults: createFaults(seed, faults),
    rateLimit: createRateLimit(maxRate),
    journal: createJournal(),
    // As many may wait for events as the cap on waiters allows; that is no leak.
    events: new EventEmitter<NamespaceEvents>().setMaxListeners(0)
  }
}

/** The namespace of every token that names none. */
export const DEFAULT_NAMESPACE = 'default'

/** What a namespace may be called: also the name of a folder, and so neither `.` nor `..`. */
export function isNamespaceName (text: string): boolean {
  return /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/.test(text)
}

export const NAMESPACE_RULE = 'must be 1 to 64 letters, digits, dots, dashes or underscores.'
