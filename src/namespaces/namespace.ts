import type { EventEmitter } from 'node:events'
import type { OutcomeRule } from '../domain/lifecycle/outcome.ts'
import type { OutcomeRules } from '../domain/lifecycle/outcomes.ts'
import type { Pace } from '../domain/lifecycle/plan.ts'
import type { Journal } from '../store/journal.ts'
import type { Records } from '../store/records.ts'
import type { Incarnation, NamespaceEvents } from '../store/store.ts'
import { known } from '../domain/known.ts'
import { instantOf, LAST_INSTANT, moveClock, setClock, type ClockMode } from '../domain/lifecycle/clock.ts'
import { MAX_FAULTS, takeFault, withFault, type Fault, type FaultRule, type Faults, type FaultTarget } from '../domain/traffic/faults.ts'
import { countRequest, type RateWindow } from '../domain/traffic/rate-window.ts'
import { createRecords } from '../store/repository.ts'
import { ONLY, type NamespaceSettings, type Transaction, type View } from '../store/rows.ts'

/** A namespace as routes of the product see it: they can neither move its clock nor change what is scripted. */
export interface Namespace {
  readonly name: string
  /** Fixes every id, duration and extracted value. */
  readonly seed: string
  /** The duration of work that is requested from now on. */
  readonly pace: Pace
  readonly uploadPolicy: UploadPolicy
  readonly records: Records
  outcomeRules (): Promise<OutcomeRules>
  /**
   * Returns the instant at which a client sees the resource with that id, whose next change `nextEventAt` names. It differs
   * from the present on an auto clock alone: a client that has seen the present already is taken to the next change first, so
   * that a client which polls without a pause meets every status in order and never waits.
   */
  observe (id: string, nextEventAt: (now: number) => number | undefined): Promise<number>
}

/** `strict`: a file key must have been uploaded before it can be used. */
export type UploadPolicy = 'lenient' | 'strict'

/** All mutable state of a namespace, as the control API and the handling of traffic see it. */
export interface NamespaceState extends Namespace {
  readonly incarnation: Incarnation
  readonly journal: Journal
  readonly events: EventEmitter<NamespaceEvents>
  readonly faults: FaultList
  /** Returns the facts that every request begins with. */
  enter (): Promise<Entry>
  clock (): Promise<ClockReading>
  /** Moves the clock to an instant. Throws a RangeError as `moveClock` does. */
  moveClock (instant: number): Promise<void>
  /** Lets the clock run in another mode. Throws a RangeError as `setClock` does. */
  setClock (mode: ClockMode, instant?: number): Promise<void>
  /** Sets the rule of that name; a new one is tried after the others. */
  putOutcome (name: string, rule: OutcomeRule): Promise<void>
  /** Returns false if there is no rule of that name. */
  deleteOutcome (name: string): Promise<boolean>
  /** The number of requests that an IP address may make in a minute; null for no limit. */
  rateLimit (): Promise<number | null>
  /** Sets the limit, and forgets the requests that were counted. */
  setRateLimit (max: number | null): Promise<void>
  /** Counts a request of an address. */
  countRequest (address: string, now: number): Promise<RateWindow>
}

export interface FaultList {
  /** Returns the faults in the order in which they are tried. */
  list (): Promise<readonly Fault[]>
  /** Adds a fault; null if there are MAX_FAULTS already. */
  add (rule: FaultRule): Promise<Fault | null>
  /** Returns false if there is no fault with that id. */
  delete (id: string): Promise<boolean>
  clear (): Promise<void>
  /** Counts a request, and returns the fault that applies to it, if any. */
  take (target: FaultTarget): Promise<Fault | undefined>
}

export interface ClockReading {
  readonly mode: ClockMode
  readonly now: number
}

export interface Entry extends ClockReading {
  readonly maxRate: number | null
  readonly hasFaults: boolean
}

/** The part of a namespace that comes from the configuration of the process. */
export type NamespaceDefaults = Pick<Namespace, 'pace' | 'uploadPolicy'>

/** Creates a namespace over its incarnation in the store. */
export async function openNamespace (incarnation: Incarnation, { pace, uploadPolicy }: NamespaceDefaults): Promise<NamespaceState> {
  const { name, rows, journal, events } = incarnation
  const { seed } = await rows.read(settingsIn)

  async function changeSettings (change: (settings: NamespaceSettings, wallTime: number) => Partial<NamespaceSettings>): Promise<void> {
    await rows.write(transaction => { putSettings(transaction, change(settingsIn(transaction), transaction.wallTime)) })
  }

  return {
    incarnation,
    name,
    seed,
    pace,
    uploadPolicy,
    records: createRecords(rows),
    journal,
    events,
    faults: {
      list: () => rows.read(view => faultsIn(view).list),
      add: rule => rows.write(transaction => {
        const before = faultsIn(transaction)
        if (before.list.length >= MAX_FAULTS) return null
        const after = withFault(before, rule)
        transaction.put('faults', ONLY, after)
        return known(after.list.at(-1), 'a fault was added')
      }),
      delete: id => rows.write(transaction => {
        const { list, added } = faultsIn(transaction)
        const left = list.filter(fault => fault.id !== id)
        transaction.put('faults', ONLY, { list: left, added })
        return left.length < list.length
      }),
      async clear () {
        await rows.write(transaction => { transaction.put('faults', ONLY, { ...faultsIn(transaction), list: [] }) })
      },
      take: target => rows.write(transaction => {
        const { faults, taken } = takeFault(faultsIn(transaction), seed, target)
        transaction.put('faults', ONLY, faults)
        return taken
      })
    },

    outcomeRules: () => rows.read(outcomesIn),
    async putOutcome (rule, outcome) {
      await rows.write(transaction => { transaction.put('outcomes', ONLY, new Map(outcomesIn(transaction)).set(rule, outcome)) })
    },
    deleteOutcome: rule => rows.write(transaction => {
      const rules = new Map(outcomesIn(transaction))
      const wasThere = rules.delete(rule)
      transaction.put('outcomes', ONLY, rules)
      return wasThere
    }),

    enter: () => rows.read(view => {
      const { clock, maxRate } = settingsIn(view)
      return { mode: clock, now: instantOf(clock, view.wallTime), maxRate, hasFaults: faultsIn(view).list.length > 0 }
    }),
    clock: () => rows.read(clockIn),
    async moveClock (instant) {
      await changeSettings(({ clock }, wallTime) => ({ clock: moveClock(clock, instant, wallTime) }))
    },
    async setClock (mode, instant) {
      await changeSettings(({ clock, clockEpoch }, wallTime) => ({
        clock: setClock(clock, mode, wallTime, instant),
        clockEpoch: clockEpoch + 1
      }))
    },
    observe: (id, nextEventAt) => rows.write(transaction => observe(transaction, id, nextEventAt)),

    rateLimit: () => rows.read(view => settingsIn(view).maxRate),
    async setRateLimit (maxRate) {
      await changeSettings(({ rateEpoch }) => ({ maxRate, rateEpoch: rateEpoch + 1 }))
    },
    countRequest: (address, now) => rows.write(transaction => {
      const key = `${settingsIn(transaction).rateEpoch} ${address}`
      const window = countRequest(transaction.get('rateWindow', key), now)
      transaction.put('rateWindow', key, window)
      return window
    })
  }
}

function settingsIn (view: View): NamespaceSettings {
  return known(view.get('settings', ONLY), 'a namespace has settings')
}

function clockIn (view: View): ClockReading {
  const { clock } = settingsIn(view)
  return { mode: clock, now: instantOf(clock, view.wallTime) }
}

function putSettings (transaction: Transaction, change: Partial<NamespaceSettings>): void {
  transaction.put('settings', ONLY, { ...settingsIn(transaction), ...change })
}

function outcomesIn (view: View): OutcomeRules {
  return known(view.get('outcomes', ONLY), 'a namespace has outcome rules')
}

function faultsIn (view: View): Faults {
  return known(view.get('faults', ONLY), 'a namespace has faults')
}

function observe (transaction: Transaction, id: string, nextEventAt: (now: number) => number | undefined): number {
  const { clock, clockEpoch } = settingsIn(transaction)
  if (clock.mode !== 'auto') return instantOf(clock, transaction.wallTime)
  const key = `${clockEpoch} ${id}`
  const next = transaction.get('seen', key) === clock.at ? nextEventAt(clock.at) : undefined
  const now = next === undefined ? clock.at : Math.min(next, LAST_INSTANT)
  if (now !== clock.at) putSettings(transaction, { clock: { ...clock, at: now } })
  transaction.put('seen', key, now)
  return now
}

/** The namespace of tokens that name no other. */
export const DEFAULT_NAMESPACE = 'default'

/** Returns true if a text can be the name of a namespace. */
export function isNamespaceName (text: string): boolean {
  return /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/.test(text)
}

export const NAMESPACE_RULE = 'must be 1 to 64 letters, digits, dots, dashes or underscores.'
