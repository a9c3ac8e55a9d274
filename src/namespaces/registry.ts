import type { OutcomeRules } from '../domain/lifecycle/outcomes.ts'
import type { FaultRule, Faults } from '../domain/traffic/faults.ts'
import type { Row } from '../store/rows.ts'
import type { DraftContent, Incarnation, Store } from '../store/store.ts'
import type { UploadedFiles } from '../store/uploaded-files.ts'
import { startClock, type ClockSpec } from '../domain/lifecycle/clock.ts'
import { NO_FAULTS, withFault } from '../domain/traffic/faults.ts'
import { openNamespace, type NamespaceDefaults, type NamespaceState } from './namespace.ts'

/** Finds, creates, drops and forks namespaces. */
export interface NamespaceRegistry {
  /** The seed of every namespace that was not restored with one of its own. */
  readonly seed: string
  /** Returns the namespace of that name; undefined if there is none. */
  find (name: string): Promise<NamespaceState | undefined>
  /** Returns the namespace of that name, which is created if need be. Throws TooManyNamespaces. */
  open (name: string): Promise<NamespaceState>
  /** Returns a new namespace that others cannot see until it is published. */
  prepare (name: string): Promise<NamespaceState>
  /**
   * Publishes a namespace that was prepared, and returns it; or the one of that name that was published first.
   * Throws TooManyNamespaces.
   */
  publish (namespace: NamespaceState): Promise<NamespaceState>
  /** Returns all namespaces in the order in which they were created. */
  list (): Promise<NamespaceState[]>
  /** Gives an existing namespace a new incarnation; requests under way finish in the old one. */
  reset (name: string): Promise<void>
  /** Removes a namespace; requests under way finish in it. */
  drop (name: string): Promise<void>
  /** Replaces or creates a namespace. Throws TooManyNamespaces; then nothing has changed. */
  restore (name: string, state: SavedNamespace): Promise<void>
  /** Creates a namespace with the same content as another one. Returns undefined if the name is taken. Throws TooManyNamespaces. */
  fork (source: NamespaceState, name: string): Promise<NamespaceState | undefined>
  /** Returns a namespace as it is at this instant: it never changes, and others cannot see it. */
  snapshot (namespace: NamespaceState): Promise<NamespaceState>
  /** Removes the uploaded files that no namespace refers to. */
  sweepFiles (): Promise<void>
}

/** The content of a saved state. */
export interface SavedNamespace {
  readonly records: readonly Row[]
  readonly seed: string
  readonly clock: ClockSpec
  readonly outcomes: OutcomeRules
  readonly faults: Faults
  readonly maxRate: number | null
}

export interface NamespaceRegistryOptions extends NamespaceDefaults {
  readonly store: Store
  readonly files: UploadedFiles
  readonly seed: string
  readonly clock: ClockSpec
  /** The number of requests that an IP address may make in a minute; null, or absent, for no limit. */
  readonly maxRate?: number | null | undefined
  /** The outcome rules and faults of every new namespace. */
  readonly outcomes?: OutcomeRules | undefined
  readonly faults?: readonly FaultRule[] | undefined
}

export function createNamespaceRegistry (options: NamespaceRegistryOptions): NamespaceRegistry {
  const { store, files, seed, maxRate = null } = options
  const fresh = contentOf({
    ...options,
    maxRate,
    outcomes: options.outcomes ?? new Map(),
    faults: (options.faults ?? []).reduce(withFault, NO_FAULTS)
  })
  const opened = new WeakMap<Incarnation, Promise<NamespaceState>>()
  let sweep: Promise<void> | undefined
  let isSweepWanted = false

  async function namespaceOf (incarnation: Incarnation): Promise<NamespaceState> {
    const opening = opened.get(incarnation) ?? openNamespace(incarnation, options)
    opened.set(incarnation, opening)
    return await opening
  }

  async function find (name: string): Promise<NamespaceState | undefined> {
    const incarnation = await store.find(name)
    return incarnation === undefined ? undefined : await namespaceOf(incarnation)
  }

  async function prepare (name: string): Promise<NamespaceState> {
    return await namespaceOf(await store.draft(name, fresh))
  }

  async function publish ({ incarnation }: NamespaceState): Promise<NamespaceState> {
    return await namespaceOf(await store.publish(incarnation, { replace: false }))
  }

  async function replace (name: string, content: DraftContent): Promise<void> {
    await store.publish(await store.draft(name, content), { replace: true })
    sweepLater()
  }

  async function sweepFiles (): Promise<void> {
    await files.sweep(async () => {
      const digests = new Set<string>()
      for (const incarnation of await store.list()) {
        const { records } = await namespaceOf(incarnation)
        for (const digest of await records.digests()) digests.add(digest)
      }
      return digests
    })
  }

  /** Sweeps beside what goes on: a reset takes the same time whatever it leaves behind. What fails is left to the next sweep. */
  function sweepLater (): void {
    isSweepWanted = true
    sweep ??= (async () => {
      while (isSweepWanted) {
        isSweepWanted = false
        await sweepFiles().catch(() => {})
      }
      sweep = undefined
    })()
  }

  return {
    seed,
    find,
    async open (name) {
      return await find(name) ?? await publish(await prepare(name))
    },
    prepare,
    publish,
    async list () {
      return await Promise.all((await store.list()).map(namespaceOf))
    },
    async reset (name) {
      if (await store.find(name) !== undefined) await replace(name, fresh)
    },
    async drop (name) {
      await store.drop(name)
      sweepLater()
    },
    async restore (name, { records, ...state }) {
      await replace(name, { from: records, ...contentOf(state) })
    },
    async fork (source, name) {
      const draft = await store.draft(name, { from: source.incarnation })
      const published = await store.publish(draft, { replace: false })
      return published === draft ? await namespaceOf(draft) : undefined
    },
    async snapshot ({ name, incarnation }) {
      return await namespaceOf(await store.draft(name, { from: incarnation }))
    },
    sweepFiles
  }
}

function contentOf ({ seed, clock, maxRate, outcomes, faults }: Omit<SavedNamespace, 'records'>): DraftContent {
  return { settings: wallTime => ({ seed, clock: startClock(clock, wallTime), clockEpoch: 0, maxRate, rateEpoch: 0 }), outcomes, faults }
}
