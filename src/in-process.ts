import type { Static } from '@sinclair/typebox'
import type { MockOptions } from './config/mock-options.ts'
import type { Control } from './control/control.ts'
import { configOf } from './config/mock-options.ts'
import { FailureBody, failDocument, failResult } from './control/routes/manual-completion.ts'
import { advanceClock, AdvancedBody, changeClock, ClockAdvance, ClockBody, ClockChange, presentAdvanced, presentClock } from './control/routes/clock.ts'
import { ConductBody, presentConduct } from './control/routes/conduct.ts'
import { messagesOf, wait, WaitedBody, WaitQuery, type Message } from './control/routes/events.ts'
import { FaultBody, presentFault } from './control/routes/faults.ts'
import { acceptInviteIn, AcceptedBody } from './control/routes/invites.ts'
import { mintToken, TokenBody, TokenRequest } from './control/routes/namespaces.ts'
import { FixtureBody, presentRule, readFixture, readRule, RuleBody, type NamedRuleBody } from './control/outcome-rule.ts'
import { presentRequest, RequestBody } from './control/routes/requests.ts'
import { withoutUndefined } from './control/schema.ts'
import type { StateBody } from './control/routes/state.ts'
import { FILENAME_DIRECTIVES } from './domain/lifecycle/filename-directives.ts'
import { checked } from './http/validation.ts'
import { start } from './start.ts'
import { FaultRule } from './traffic/fault-rule.ts'
import { RequestFilter } from './traffic/request-filter.ts'

/** A mock that serves in this process. `await using` closes it. */
export interface RaydocsMock extends AsyncDisposable {
  /** What clients take for the base URL, without a trailing slash. */
  readonly url: string
  /** A token with every ability, for the namespace `default`. */
  readonly token: string
  /** A world of its own: the one of that name, or a new one. */
  namespace (name?: string): MockNamespace
  /** The names of those that were used or named so far. */
  namespaces (): string[]
  /** What the names of files can ask for. */
  readonly magic: ReadonlyArray<{ readonly name: string, readonly meaning: string }>
  /** Makes every namespace new again; tokens stay. */
  reset (): Promise<void>
  /** Stops serving and lets go of everything. */
  close (): Promise<void>
}

/**
 * Command of one namespace: what the control API does, in the same shapes. What it would refuse is thrown, as an error
 * with `statusCode`, `message` and, for bodies, `errors` by field.
 */
export interface MockNamespace {
  readonly name: string
  /** A token with every ability, made for this object. */
  readonly token: string
  /** Another token, with the abilities that are named. */
  mintToken (token?: Omit<Static<typeof TokenRequest>, 'namespace'>): Static<typeof TokenBody>
  /** From now on the token with that id is not accepted. */
  revokeToken (id: string): void
  readonly clock: {
    now (): Date
    get (): Static<typeof ClockBody>
    set (change: Static<typeof ClockChange>): Static<typeof ClockBody>
    advance (how: Static<typeof ClockAdvance>): Promise<Static<typeof AdvancedBody>>
  }
  readonly outcomes: {
    list (): Array<Static<typeof NamedRuleBody>>
    put (name: string, rule: RuleBody): Promise<void>
    delete (name: string): void
  }
  /** Brings the parsing of a document to an end while it goes on. */
  readonly documents: {
    complete (id: string): Promise<Static<typeof AdvancedBody>>
    fail (id: string, reason?: string): Promise<Static<typeof AdvancedBody>>
  }
  /** Brings a run to an end while it goes on; it may be told what it finds. */
  readonly results: {
    complete (id: string, values?: Static<typeof FixtureBody>): Promise<Static<typeof AdvancedBody>>
    fail (id: string, reason?: string): Promise<Static<typeof AdvancedBody>>
  }
  /** Does what somebody does who follows the link of an invite. */
  acceptInvite (id: number): Promise<Static<typeof AcceptedBody>>
  readonly faults: {
    list (): Array<Static<typeof FaultBody>>
    add (rule: FaultRule): Static<typeof FaultBody>
    delete (id: string): void
    clear (): void
  }
  /** How many requests an address may make in a minute; null for any number. */
  limitRate (max: number | null): void
  readonly journal: {
    requests (filter?: RequestFilter): Array<Static<typeof RequestBody>>
    count (filter?: RequestFilter): number
    clear (): void
  }
  /** What the client under test did wrong. */
  conduct (): Promise<Static<typeof ConductBody>>
  /** Waits until a thing (`result:<id>`) has one of the statuses (`completed,failed`), ten seconds at most unless told otherwise. */
  waitFor (resource: string, until: string, timeout?: string): Promise<Static<typeof WaitedBody>>
  /** Every transition and every request as it happens, until the signal is given, the namespace is reset or the mock is closed. */
  events (signal?: AbortSignal): AsyncIterable<Message>
  /** The namespace, saved: for `restore` here or elsewhere, or as JSON in a file. */
  state (): Promise<StateBody>
  restore (state: StateBody): Promise<void>
  /** Another namespace that is as this one is now; from there each goes its own way. */
  fork (as: string): Promise<MockNamespace>
  /** Makes the namespace new again; tokens stay. */
  reset (): Promise<void>
  /** Drops the namespace with the tokens that were made for it. */
  delete (): Promise<void>
}

/** Starts a mock on a port of the system's choice. Throws UsageError for options that make no sense. */
export async function startRaydocsMock (options: MockOptions = {}): Promise<RaydocsMock> {
  const { url, control, close } = await start(configOf(options))
  const closing = new AbortController()
  let made = 0

  async function end (): Promise<void> {
    closing.abort()
    await close()
  }

  return {
    url,
    token: mintToken(control, {}).token,
    namespace: name => commandOf(control, name ?? `test-${++made}`, closing.signal),
    namespaces: () => control.namespaces().map(({ name }) => name),
    magic: FILENAME_DIRECTIVES.map(({ name, meaning }) => ({ name, meaning })),
    reset: control.resetAll,
    close: end,
    [Symbol.asyncDispose]: end
  }
}

function commandOf (control: Control, name: string, closing: AbortSignal): MockNamespace {
  /** The name; the namespace is made anew if it was reset. */
  function alive (): string {
    return control.namespace(name).name
  }

  const mint: MockNamespace['mintToken'] = (token = {}) => mintToken(control, checked(TokenRequest, { ...token, namespace: name }))
  return {
    name,
    token: mint({ name }).token,
    mintToken: mint,
    revokeToken: control.revokeToken,
    clock: {
      now: () => new Date(control.namespace(name).clock.now()),
      get: () => presentClock(control.namespace(name).clock),
      set: change => changeClock(control, name, checked(ClockChange, change)),
      advance: async how => await advanceClock(control, name, checked(ClockAdvance, how))
    },
    outcomes: {
      list: () => [...control.namespace(name).outcomes.rules].map(([rule, outcome]) => ({ name: rule, ...presentRule(outcome) })),
      put: async (rule, body) => { await control.putOutcome(name, rule, readRule(checked(RuleBody, body))) },
      delete: rule => { control.deleteOutcome(alive(), rule) }
    },
    documents: {
      complete: async id => presentAdvanced(await control.endParsing(alive(), id, null)),
      fail: async (id, reason) => await failDocument(control, alive(), id, checked(FailureBody, withoutUndefined({ reason })))
    },
    results: {
      complete: async (id, values = {}) => presentAdvanced(await control.endRun(alive(), id, null, readFixture(checked(FixtureBody, values)))),
      fail: async (id, reason) => await failResult(control, alive(), id, checked(FailureBody, withoutUndefined({ reason })))
    },
    acceptInvite: async id => await acceptInviteIn(control, alive(), id),
    faults: {
      list: () => control.namespace(name).faults.list().map(presentFault),
      add: rule => presentFault(control.addFault(name, checked(FaultRule, rule))),
      delete: id => { control.deleteFault(alive(), id) },
      clear: () => { control.namespace(name).faults.clear() }
    },
    limitRate: max => { control.setRateLimit(name, max) },
    journal: {
      requests: (filter = {}) => control.requests(alive(), checked(RequestFilter, filter)).map(exchange => presentRequest(control, exchange)),
      count: (filter = {}) => control.requests(alive(), checked(RequestFilter, filter)).length,
      clear: () => { control.namespace(name).journal.clear() }
    },
    conduct: async () => presentConduct(await control.conduct(alive())),
    waitFor: async (resource, until, timeout) => await wait(control, alive(), checked(WaitQuery, withoutUndefined({ resource, until, timeout })), closing),
    events: signal => messagesOf(control, control.watch(alive(), signal === undefined ? closing : AbortSignal.any([signal, closing]))),
    state: async () => await control.state(alive()),
    restore: async state => { await control.restore(name, state) },
    fork: async as => {
      await control.fork(alive(), as)
      return commandOf(control, as, closing)
    },
    reset: async () => { await control.reset(name) },
    delete: async () => { await control.deleteNamespace(alive()) }
  }
}
