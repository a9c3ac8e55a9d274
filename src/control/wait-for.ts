import type { Namespace } from '../namespaces/namespace.ts'
import { RESULT_STATUSES, DOCUMENT_STATUSES, SESSION_STATUSES } from '../domain/lifecycle/statuses.ts'
import { nextEventOf } from '../domain/lifecycle/transitions.ts'
import { HttpError, notFound, unprocessable } from '../http/errors.ts'
import { createChangeWaiter } from './change-waiter.ts'
import { timelineOf } from './timelines.ts'

/** What somebody waits for. */
export interface Awaited {
  /** `session:<id>`, `document:<id>` or `result:<id>`. */
  readonly resource: string
  /** The statuses that end the waiting. */
  readonly until: readonly string[]
  /** Real milliseconds. */
  readonly timeout: number
}

/** How the waiting has ended. */
export interface Waited {
  readonly reached: boolean
  /** Null as long as it does not exist: an automatic run before parsing has ended. */
  readonly status: string | null
  /** When it, or, of a result, its session, is going to change next; null for never by itself. */
  readonly nextEvent: number | null
}

/**
 * Waits until a thing has one of the statuses, or can no longer come by it, or the time is over. An auto clock jumps from
 * change to change meanwhile; other clocks go as they go. Throws 404 for what is unknown, 409 when the namespace is
 * dropped, 422 for statuses that such a thing never has, 429 where too many wait, 503 when `signal` is given.
 */
export async function waitFor (namespace: Namespace, { resource, until, timeout }: Awaited, signal: AbortSignal): Promise<Waited> {
  const kind = kindOf(resource)
  refuseStrange(until, kind.statuses)
  using deadline = createDeadline(timeout)
  using alarm = createChangeWaiter(namespace, AbortSignal.any([signal, deadline.signal]))

  for (;;) {
    const { clock, events } = namespace
    const subject = await timelineOf(namespace.store, resource)
    if (subject === undefined) throw notFound(kind.name)
    const now = clock.now()
    const status = subject.statusesAt(now).get(resource) ?? null
    const next = nextEventOf(subject, now)
    const waited = { status, nextEvent: next ?? null }

    if (status !== null && until.includes(status)) return { reached: true, ...waited }
    if (alarm.dropped) throw new HttpError(409, 'The namespace was reset or deleted meanwhile.')
    if (signal.aborted) throw new HttpError(503, 'The server is being closed.')
    if (deadline.signal.aborted || (status !== null && kind.final.includes(status))) return { reached: false, ...waited }
    if (clock.spec.mode === 'auto' && next !== undefined) {
      clock.advanceTo(next)
      events.emit('changed')
    } else {
      await alarm.wait(next)
    }
  }
}

/** A signal that is given after so many milliseconds; unlike AbortSignal.timeout it keeps the process alive so long. */
function createDeadline (ms: number): Disposable & { readonly signal: AbortSignal } {
  const over = new AbortController()
  const timer = setTimeout(() => { over.abort() }, ms)
  return { signal: over.signal, [Symbol.dispose]: () => { clearTimeout(timer) } }
}

interface Kind {
  readonly name: string
  readonly statuses: readonly string[]
  /** Those that never change again. */
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

function refuseStrange (until: readonly string[], statuses: readonly string[]): void {
  const strange = until.filter(status => !statuses.includes(status))
  if (strange.length > 0) throw unprocessable({ until: [`The until field must be of ${statuses.join(', ')}; commas between several.`] })
}
