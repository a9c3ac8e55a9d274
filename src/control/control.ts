import type { Ability } from '../domain/workspaces/abilities.ts'
import type { ClockMode } from '../domain/lifecycle/clock.ts'
import type { Fixture, OutcomeRule } from '../domain/lifecycle/outcome.ts'
import { isNamespaceName, NAMESPACE_RULE, type Namespace } from '../namespaces/namespace.ts'
import type { NamespaceRegistry } from '../namespaces/registry.ts'
import { contradictionsIn, type FaultRule } from '../traffic/fault-rule.ts'
import type { Exchange } from '../traffic/journal.ts'
import { matching, type RequestFilter } from '../traffic/request-filter.ts'
import { MAX_FAULTS, type Fault } from '../traffic/faults.ts'
import { gatherCheckInput } from '../conduct/check-input.ts'
import { evaluate, type ConductReport } from '../conduct/report.ts'
import { acceptInvite, type Accepted } from './accept-invite.ts'
import { endParsing, endRun } from './finish-work.ts'
import { assertRuleFits } from './check-fixture.ts'
import { advance, forward, type Advance, type Advanced } from './advance-clock.ts'
import { readState, saveState, type StateBody } from './routes/state.ts'
import { waitFor, type Awaited, type Waited } from './wait-for.ts'
import { watch, type Occurrence } from './watch-events.ts'
import { HttpError, notFound, unprocessable } from '../http/errors.ts'
import { pathOf } from '../http/framework.ts'
import type { RouteTable } from '../http/route-table.ts'
import { UnreadableDump } from '../store/store.ts'
import type { MintedToken, Tokens } from '../http/tokens.ts'

/**
 * Command of the mock: what the HTTP control API and the in-process object both do. Errors are HttpErrors: 404 for what
 * is unknown, 409 for a clock that would go back, 422 for what cannot be.
 */
export interface Control {
  /** Makes a token; its namespace is made too. */
  mintToken (token: { name?: string | undefined, abilities: readonly Ability[], namespace: string, user: string }): MintedToken
  revokeToken (id: string): void

  /** The namespaces that were used or named so far. */
  namespaces (): Namespace[]
  /** A namespace that exists. */
  find (name: string): Namespace
  /** A namespace, made if need be. */
  namespace (name: string): Namespace
  /** Drops everything in a namespace but its tokens. */
  reset (name: string): Promise<void>
  resetAll (): Promise<void>
  /** Drops a namespace, tokens and all. */
  deleteNamespace (name: string): Promise<void>

  /** Scripts what happens to files from now on; 422 where a fixture does not fit its template. */
  putOutcome (name: string, rule: string, outcome: OutcomeRule): Promise<void>
  deleteOutcome (name: string, rule: string): void

  /** Ends the parsing of a document now: it fails for that reason, or, with null, succeeds; 409 for what is over. */
  endParsing (name: string, documentId: string, failure: string | null): Promise<Advanced>
  /** Ends a run now, likewise; what it finds may be given. */
  endRun (name: string, resultId: string, failure: string | null, fixture?: Fixture): Promise<Advanced>

  /** Lets somebody become a member who was invited; 404 for an invite that is unknown, accepted or expired, 422 for who is a member already. */
  acceptInvite (name: string, id: number): Promise<Accepted>

  /** Lets something go wrong; 422 where the rule contradicts itself. */
  addFault (name: string, rule: FaultRule): Fault
  deleteFault (name: string, id: string): void

  /** How many requests an IP address may make in a minute; null for any number. What was counted is forgotten. */
  setRateLimit (name: string, max: number | null): void

  setClock (name: string, mode: ClockMode, now?: number): void
  advance (name: string, how: Advance): Promise<Advanced>

  /** The requests that a filter means, oldest first. */
  requests (name: string, filter: RequestFilter): Exchange[]
  /** The nearest route, for a request that matches none; null if there is none near, or if it matches one. */
  meantBy (exchange: Exchange): string | null
  /** A namespace as it is saved. */
  state (name: string): Promise<StateBody>
  /** Puts what was saved in the place of a namespace, or makes it; what cannot be restored is refused whole. */
  restore (name: string, state: unknown): Promise<void>
  /** Makes a namespace that is as another one is now; 409 if there is one of that name. */
  fork (name: string, as: string): Promise<Namespace>

  /** What the clients of a namespace did wrong. */
  conduct (name: string): Promise<ConductReport>
  /** Waits until a thing has come so far. */
  waitFor (name: string, awaited: Awaited, signal: AbortSignal): Promise<Waited>
  /** Everything that happens from now on, as it happens. */
  watch (name: string, signal: AbortSignal): AsyncIterable<Occurrence>
}

export interface ControlOptions {
  readonly world: NamespaceRegistry
  readonly tokens: Tokens
  readonly routeBook: RouteTable
}

export function createControl ({ world, tokens, routeBook }: ControlOptions): Control {
  function refuseBadName (name: string): void {
    if (!isNamespaceName(name)) throw unprocessable({ namespace: [`The namespace ${NAMESPACE_RULE}`] })
  }

  function named (name: string): Namespace {
    refuseBadName(name)
    return world.namespace(name)
  }

  function find (name: string): Namespace {
    const namespace = world.find(name)
    if (namespace === undefined) throw notFound('Namespace')
    return namespace
  }

  return {
    mintToken ({ abilities, ...of }) {
      named(of.namespace)
      return tokens.mint({ ...of, abilities: new Set(abilities) })
    },
    revokeToken (id) {
      if (!tokens.revoke(id)) throw notFound('Token')
    },

    namespaces: world.namespaces,
    find,
    namespace: named,
    async reset (name) {
      if (world.find(name) !== undefined) await world.drop(name)
    },
    async resetAll () {
      await Promise.all(world.namespaces().map(async ({ name }) => { await world.drop(name) }))
    },
    async deleteNamespace (name) {
      find(name)
      tokens.revokeAll(name)
      await world.drop(name)
    },

    async putOutcome (name, rule, outcome) {
      const { store, outcomes } = named(name)
      assertRuleFits(outcome, outcome.match.template === undefined ? undefined : await store.templates.find(outcome.match.template))
      outcomes.put(rule, outcome)
    },
    deleteOutcome (name, rule) {
      if (!find(name).outcomes.delete(rule)) throw notFound('Rule')
    },

    async endParsing (name, documentId, failure) {
      return await endParsing(find(name), documentId.toLowerCase(), failure)
    },
    async endRun (name, resultId, failure, fixture) {
      return await endRun(find(name), resultId.toLowerCase(), failure, fixture)
    },

    async acceptInvite (name, id) {
      return await acceptInvite(find(name), id)
    },

    addFault (name, rule) {
      const { faults } = named(name)
      const contradictions = contradictionsIn(rule)
      if (Object.keys(contradictions).length > 0) throw unprocessable(contradictions)
      if (faults.list().length >= MAX_FAULTS) throw new HttpError(429, `There are ${MAX_FAULTS} faults already: delete some that are no longer needed.`)
      return faults.add(rule)
    },
    deleteFault (name, id) {
      if (!find(name).faults.delete(id)) throw notFound('Fault')
    },

    setRateLimit (name, max) {
      const { rateLimit } = named(name)
      rateLimit.max = max
      rateLimit.windows.clear()
    },

    setClock (name, mode, now) {
      forward(() => { named(name).clock.set(mode, now) })
      named(name).events.emit('changed')
    },
    async advance (name, how) {
      return await advance(named(name), how)
    },

    requests (name, filter) {
      return matching(find(name).journal.exchanges(), filter)
    },
    meantBy ({ route, method, url }) {
      return route === undefined ? routeBook.nearestTo(method, pathOf(url)) : null
    },
    async state (name) {
      return await saveState(find(name))
    },
    async restore (name, state) {
      refuseBadName(name)
      const { records, settings } = readState(state)
      await world.restore(name, records, settings).catch((error: unknown) => {
        throw error instanceof UnreadableDump ? unprocessable({ records: ['The records field cannot be read.'] }) : error
      })
    },
    async fork (name, as) {
      const source = find(name)
      refuseBadName(as)
      if (world.find(as) !== undefined) throw new HttpError(409, `There is a namespace ${as} already.`)
      return await world.fork(source, as)
    },

    async conduct (name) {
      return evaluate(await gatherCheckInput(find(name), routeBook))
    },
    async waitFor (name, awaited, signal) {
      return await waitFor(find(name), awaited, signal)
    },
    watch (name, signal) {
      return watch(find(name), signal)
    }
  }
}
