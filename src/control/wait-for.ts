import type { NamespaceState } from '../namespaces/namespace.ts'
import { RESULT_STATUSES, DOCUMENT_STATUSES, SESSION_STATUSES } from '../domain/lifecycle/statuses.ts'
import { nextEventOf } from '../domain/lifecycle/transitions.ts'
import { HttpError, notFound, unprocessable } from '../http/errors.ts'
import { createChangeWaiter } from './change-waiter.ts'
import { timelineOf } from './timelines.ts'

export interface Awaited {
  /** `session:<id>`, `document:<id>` or `result:<id>`. */
  readonly resource: string
  /** The statuses that end the wait. */
  readonly until: readonly string[]
  /** Real milliseconds. */
  readonly timeout: number
}

/** The end of a wait. */
export interface Waited {
  readonly reached: boolean
  /** Null as long as the resource does not exist: an automatic run before parsing has ended. */
  readonly status: string | null
  /** The next change of the resource, or of a result's session; null if nothing changes without a request. */
  readonly nextEvent: number | null
  /** True if the next change cannot come, since the clock is frozen. */
  readonly isFrozen: boolean
}

/**
 * Waits until a resource has one of the statuses, can no longer reach any of them, or the time is over. An auto clock jumps from
 * change to change meanwhile; other clocks run as usual. Throws a 404 for an unknown resource, a 409 when the namespace is reset
 * or removed, a 422 for statuses that such a resource never has, a 429 if there are too many waiters, and a 503 when `signal`
 * aborts.
 */
export async function waitForStatus (
  namespace: NamespaceState,
  { resource, until, timeout }: Awaited,
  signal: AbortSignal
): Promise<Waited> {
  const kind = kindOf(resource)
  assertStatuses(until, kind.statuses)
  using deadline = createDeadline(timeout)
  using waiter = createChangeWaiter(namespace, AbortSignal.any([signal, deadline.signal]))

  for (;;) {
    const timeline = await timelineOf(namespace.records, resource)
    if (timeline === undefined) throw notFound(kind.name)
    const { mode, now } = await namespace.clock()
    const status = timeline.statusesAt(now).get(resource) ?? null
    const next = nextEventOf(timeline, now)
    const waited = { status, nextEvent: next ?? null, isFrozen: mode.mode === 'frozen' && next !== undefined }

    if (status !== null && until.includes(status)) return { reached: true, ...waited }
    if (waiter.dropped) throw new HttpError(409, 'The namespace was reset or deleted meanwhile.')
    if (signal.aborted) throw new HttpError(503, 'The server is closing.')
    if (deadline.signal.aborted || (status !== null && kind.final.includes(status))) return { reached: false, ...waited }
    if (mode.mode === 'auto' && next !== undefined) {
      await namespace.moveClock(next).catch(ignoreOvertaken)
      namespace.events.emit('changed')
    } else {
      await waiter.wait(next)
    }
  }
}

/** Another waiter may have moved the clock further in the meantime. */
function ignoreOvertaken (error: unknown): void {
  if (!(error instanceof RangeError)) throw error
}

/** Creates a signal that aborts after a time in milliseconds; unlike AbortSignal.timeout it keeps the process alive until then. */
function createDeadline (ms: number): Disposable & { readonly signal: AbortSignal } {
  const over = new AbortController()
  const timer = setTimeout(() => { over.abort() }, ms)
  return { signal: over.signal, [Symbol.dispose]: () => { clearTimeout(timer) } }
}

interface Kind {
  readonly name: string
  readonly statuses: readonly string[]
  /** The statuses that never change again. */
  readonly final: readonly string[]
}

const KINDS: Readonly<Record<string, Kind>> = {
  session: { name: 'Session', statuses: SESSION_STATUSES, final: [] },
  document: { name: 'Document', statuses: DOCUMENT_STATUSES, final: [] },
  result: { name: 'Result', statuses: RESULT_STATUSES, final: ['completed', 'failed'] }
}

function kindOf (resource: string): Kind {
  const kind = KINDS[String(resource.split(':', 1)[0])]
  if (kind === undefined) throw unprocessable({ resource: ['The resource field must be session:, document: or result: and an id.'] })
  return kind
}

function assertStatuses (until: readonly string[], statuses: readonly string[]): void {
  const strange = until.filter(status => !statuses.includes(status))
  if (strange.length > 0) throw unprocessable({ until: [`The until field must be of ${statuses.join(', ')}; commas between several.`] })
}
