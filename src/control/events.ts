import { Type, type Static } from '@sinclair/typebox'
import type { RouteTable } from '../http/route-table.ts'
import type { NamespaceAccess } from './access.ts'
import { known } from '../domain/known.ts'
import { readDuration } from '../domain/lifecycle/durations.ts'
import { Nullable } from '../http/schema.ts'
import { checked } from '../http/validation.ts'
import { presentTransition, type TransitionBody } from './clock.ts'
import { presentRequest, type RequestBody } from './journal.ts'
import { ControlInstant, presentInstant, withoutUndefined } from './schema.ts'
import { waitForStatus } from './wait-for.ts'
import type { EventFeeds, Occurrence, Sized } from './watch-events.ts'

export const WaitQuery = Type.Object({
  resource: Type.String({ format: 'resource', examples: ['result:3f6fc360-2925-49e2-b743-184af0bdeddb'] }),
  until: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'A status, or several separated by commas.',
    examples: ['completed,failed']
  }),
  timeout: Type.Optional(Type.String({ format: 'short-duration', default: 'PT10S', description: 'In real time.' }))
}, { additionalProperties: false })

export const WaitedBody = Type.Object({
  reached: Type.Boolean({ description: 'Whether the resource has one of the statuses.' }),
  status: Nullable(Type.String(), 'The present status; null as long as the resource does not exist.'),
  next_event: Nullable(ControlInstant, 'The next change of its session; null if nothing changes without a request.'),
  hint: Type.Optional(Type.String({ description: 'The reason why the status cannot be reached in time: the clock is frozen.' }))
}, { description: 'The status was reached, or the time is over.' })

export type WaitedBody = Static<typeof WaitedBody>

/** A transition or an answered request. */
export type Message =
  | { readonly event: 'transition', readonly data: TransitionBody }
  | { readonly event: 'request', readonly data: RequestBody }

/** Waits, and streams of events, until `closing` aborts. */
export interface EventControl {
  /**
   * Waits until a resource (`result:<id>`) has one of the statuses (`completed,failed`), for at most ten seconds unless `timeout`
   * says otherwise (`PT30S`). An auto clock jumps from change to change meanwhile; other clocks run, or are moved, as usual.
   * Resolves early if the resource can no longer reach any of them. Throws the reason of `signal` when that aborts.
   */
  waitFor (resource: string, until: string, timeout?: string, signal?: AbortSignal): Promise<WaitedBody>
  /**
   * Streams transitions and answered requests from now on, until the signal aborts or the namespace is reset. A reader that has
   * fallen more than a mebibyte behind comes to the end, too.
   */
  events (signal?: AbortSignal): Promise<AsyncIterable<Message>>
}

export function createEventControl (
  { name, find }: NamespaceAccess,
  feeds: EventFeeds<Message>,
  closing: AbortSignal
): EventControl {
  return {
    async waitFor (resource, until, timeout, signal) {
      const query = checked(WaitQuery, withoutUndefined({ resource, until, timeout }))
      const { reached, status, nextEvent, isFrozen } = await waitForStatus(await find(), {
        resource: query.resource.toLowerCase(),
        until: query.until.split(','),
        timeout: known(readDuration(query.timeout ?? 'PT10S'), 'a duration was validated')
      }, either(signal, closing)).catch((error: unknown) => {
        signal?.throwIfAborted()
        throw error
      })
      return {
        reached,
        status,
        next_event: nextEvent === null ? null : presentInstant(nextEvent),
        ...!reached && isFrozen ? { hint: frozenHint(name) } : {}
      }
    },
    async events (signal) {
      signal?.throwIfAborted()
      return await feeds.watch(await find(), either(signal, closing))
    }
  }
}

function frozenHint (namespace: string): string {
  return 'The clock is frozen. Advance it while or before you wait: clock.advance({ to: \'idle\' }), ' +
    `or POST {"to": "idle"} to /_mock/namespaces/${namespace}/clock/advance. An auto clock moves by itself.`
}

function either (signal: AbortSignal | undefined, closing: AbortSignal): AbortSignal {
  return signal === undefined ? closing : AbortSignal.any([signal, closing])
}

/** Returns the message about an occurrence. */
export function presentOccurrence (routeTable: RouteTable, occurrence: Occurrence): Sized<Message> {
  const message: Message = 'transition' in occurrence
    ? { event: 'transition', data: presentTransition(occurrence.transition) }
    : { event: 'request', data: presentRequest(routeTable, occurrence.exchange) }
  return { message, bytes: Buffer.byteLength(textOf(message.data)) }
}

const texts = new WeakMap<object, string>()

/** Returns the data of a message as JSON, which is made once for all readers. */
export function textOf (data: Message['data']): string {
  const text = texts.get(data) ?? JSON.stringify(data)
  texts.set(data, text)
  return text
}
