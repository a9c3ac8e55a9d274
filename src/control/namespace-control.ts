import { Type, type Static } from '@sinclair/typebox'
import type { RouteTable } from '../http/route-table.ts'
import type { NamespaceState } from '../namespaces/namespace.ts'
import type { NamespaceRegistry } from '../namespaces/registry.ts'
import type { Tokens } from '../store/tokens.ts'
import { HttpError, notFound } from '../http/errors.ts'
import { checked } from '../http/validation.ts'
import { createInviteControl, type InviteControl } from './accept-invite.ts'
import { assertNamespaceName, type NamespaceAccess } from './access.ts'
import { ClockBody, createClockControl, presentClock, type ClockControl } from './clock.ts'
import { reportConduct, type ConductBody } from './conduct.ts'
import { createEventControl, type EventControl, type Message } from './events.ts'
import { createFaultControl, type FaultControl } from './faults.ts'
import { createJournalControl, type JournalControl } from './journal.ts'
import { createDocumentControl, createResultControl, type DocumentControl, type ResultControl } from './manual-completion.ts'
import { createOutcomeControl, type OutcomeControl } from './outcomes.ts'
import { createRateLimitControl, type RateLimitControl } from './rate-limit.ts'
import { NamespaceName } from './schema.ts'
import { readState, saveState, type StateBody } from './state.ts'
import type { EventFeeds } from './watch-events.ts'

export const NamespaceBody = Type.Object({ name: NamespaceName, clock: ClockBody })

export type NamespaceBody = Static<typeof NamespaceBody>

export const ForkBody = Type.Object({ as: NamespaceName })

/**
 * The control interface of one namespace: the routes of the control API translate to it, and a mock in this process hands it
 * out. Bodies are those of the API. Errors are HttpErrors, with `statusCode`, `message` and, for bodies, `errors` by field: each
 * command but `restore` and those that say so throws a 404 if the namespace does not exist.
 */
export interface NamespaceControl extends EventControl {
  readonly name: string
  /** `set` and `advance` create the namespace if need be, as `outcomes.put`, `faults.add` and `rateLimit.set` do. */
  readonly clock: ClockControl
  readonly outcomes: OutcomeControl
  readonly documents: DocumentControl
  readonly results: ResultControl
  readonly invites: InviteControl
  readonly faults: FaultControl
  readonly rateLimit: RateLimitControl
  readonly journal: JournalControl
  /** Returns the name and the clock. */
  describe (): Promise<NamespaceBody>
  /** Returns the conduct report of the client under test. */
  conduct (): Promise<ConductBody>
  /** Returns the namespace in a form that `restore` accepts, here or elsewhere. */
  state (): Promise<StateBody>
  /** Replaces or creates the namespace. Tokens stay. Throws a 422 for a state that cannot be restored; then nothing has changed. */
  restore (state: StateBody): Promise<void>
  /** Creates a namespace with the same content; each side continues on its own. Throws a 409 if the name is taken. */
  fork (as: string): Promise<NamespaceControl>
  /** Deletes everything in the namespace but its tokens, and starts its clock again. Does nothing if it does not exist. */
  reset (): Promise<void>
  /** Deletes the namespace, and revokes the tokens that were minted for it. */
  delete (): Promise<void>
}

export interface NamespaceControlOptions {
  readonly namespaces: NamespaceRegistry
  readonly tokens: Tokens
  readonly routeTable: RouteTable
  readonly feeds: EventFeeds<Message>
  /** Ends waits and streams of events. */
  readonly closing: AbortSignal
}

export function createNamespaceControl (name: string, options: NamespaceControlOptions): NamespaceControl {
  const { namespaces, tokens, routeTable, feeds, closing } = options

  const access: NamespaceAccess = {
    name,
    async find () {
      const namespace = await namespaces.find(name)
      if (namespace === undefined) throw notFound('Namespace')
      return namespace
    },
    async open () {
      assertNamespaceName(name)
      return await namespaces.open(name)
    }
  }

  return {
    name,
    clock: createClockControl(access),
    outcomes: createOutcomeControl(access),
    documents: createDocumentControl(access),
    results: createResultControl(access),
    invites: createInviteControl(access),
    faults: createFaultControl(access),
    rateLimit: createRateLimitControl(access),
    journal: createJournalControl(access, routeTable),
    ...createEventControl(access, feeds, closing),
    describe: async () => await presentNamespace(await access.find()),
    conduct: async () => await reportConduct(access, routeTable),
    state: async () => await saveState(await access.find()),
    async restore (state) {
      assertNamespaceName(name)
      await namespaces.restore(name, readState(state))
    },
    async fork (as) {
      checked(ForkBody, { as })
      const source = await access.find()
      const fork = await namespaces.fork(source, as)
      if (fork === undefined) throw new HttpError(409, `The namespace ${as} exists already.`)
      return createNamespaceControl(as, options)
    },
    async reset () {
      await namespaces.reset(name)
    },
    async delete () {
      await access.find()
      await tokens.revokeAll(name)
      await namespaces.drop(name)
    }
  }
}

export async function presentNamespace (namespace: NamespaceState): Promise<NamespaceBody> {
  return { name: namespace.name, clock: presentClock(await namespace.clock()) }
}
