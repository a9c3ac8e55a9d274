import { STATUS_CODES } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FaultRule } from '../domain/traffic/faults.ts'
import { known } from '../domain/known.ts'
import { readDuration, readDurationRange } from '../domain/lifecycle/durations.ts'
import { sampleDuration } from '../domain/lifecycle/plan.ts'
import { HttpError } from '../http/errors.ts'
import { logBrokenOff } from '../http/request-log.ts'
import { pathOf } from '../http/url.ts'
import { signalOnClose } from '../http/closing.ts'
import { readPreference } from './preference.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The fault that applies to the request; undefined for none. */
    injection: Injection | undefined
  }
}

/** A fault that applies to one request. */
interface Injection {
  /** The id of the fault, or `prefer`. */
  readonly id: string
  readonly rule: Omit<FaultRule, 'match'>
  /** The text that random durations are derived from. */
  readonly chance: string
  /** True once the answer of a request that was carried out has been replaced. */
  replaced: boolean
}

export interface InjectionOptions {
  /** True if a request may ask for a fault with a Prefer header. */
  readonly preferences: boolean
}

/** Injects faults. Real time passes here, and nowhere else. */
export interface FaultInjection {
  /** Injects the fault that applies to a request, if there is one. Resolves to whether the request is carried out. */
  inject (request: FastifyRequest, reply: FastifyReply): Promise<boolean>
}

export function createInjection (app: FastifyInstance, { preferences }: InjectionOptions): FaultInjection {
  // A server that is closed does not wait for responses that are slow on purpose.
  const closing = signalOnClose(app)
  app.decorateRequest('injection')

  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.injection === undefined) return done(null, payload)
    wholeOf(payload).then(whole => { finish(request.injection as Injection, request, reply, whole, closing, done) }, done)
  })

  return {
    async inject (request, reply) {
      const preferred = preferences ? preferenceOf(request, reply) : undefined
      const chosen = preferred ?? (request.entry.hasFaults ? await faultOf(request) : undefined)
      if (chosen === undefined) return true
      request.injection = chosen
      if (request.exchange !== undefined) request.exchange.fault = chosen.id
      return await begin(chosen, request, reply, closing)
    }
  }
}

function preferenceOf ({ headers: { prefer } }: FastifyRequest, reply: FastifyReply): Injection | undefined {
  const preference = readPreference(prefer)
  if (preference === undefined) return undefined
  reply.header('preference-applied', preference.applied)
  return { id: 'prefer', rule: preference, chance: '', replaced: false }
}

async function faultOf ({ method, url, caller, traffic: { seed, faults } }: FastifyRequest): Promise<Injection | undefined> {
  const fault = await faults.take({ method, path: pathOf(url), token: caller?.name })
  return fault === undefined ? undefined : { id: fault.id, rule: fault.rule, chance: `${seed} ${fault.id} ${fault.seen}`, replaced: false }
}

/** Applies the part of a fault that comes before the request is carried out. Resolves to whether it is carried out. */
async function begin ({ rule, chance }: Injection, request: FastifyRequest, reply: FastifyReply, closing: AbortSignal): Promise<boolean> {
  if (rule.delay !== undefined) {
    await wait(
      sampleDuration(known(readDurationRange(rule.delay), 'a delay was validated'), chance, 'delay'),
      closing
    )
  }
  if (rule.after === true) return true
  if (rule.drop === true) drop(request, reply)
  if (rule.status !== undefined) reply.send(replace(rule, rule.status, reply))
  return rule.drop !== true && rule.status === undefined
}

/** Applies the part of a fault that comes when the answer is ready. */
function finish (
  injection: Injection,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: string | Buffer | undefined,
  closing: AbortSignal,
  done: (error: Error | null, payload?: unknown) => void
): void {
  const { rule } = injection
  if (rule.after === true && rule.drop === true) return drop(request, reply)
  let text = payload
  if (rule.after === true && rule.status !== undefined && !injection.replaced) {
    injection.replaced = true
    const answer = replace(rule, rule.status, reply)
    // An error takes its usual way, which leads here again.
    if (answer instanceof Error) return done(answer)
    text = answer
  }
  reply.headers(rule.headers ?? {})
  done(null, spoil(rule, Buffer.from(text ?? ''), reply, closing) ?? text)
}

/** Returns a body in one piece, so that it can be changed. */
async function wholeOf (payload: unknown): Promise<string | Buffer | undefined> {
  return payload instanceof Readable ? await buffer(payload) : payload as string | undefined
}

/** Returns the answer that a rule asks for: an error, which the route words, or the body in the rule. */
function replace ({ body }: Injection['rule'], status: number, reply: FastifyReply): HttpError | string | undefined {
  if (body === undefined && status >= 400) {
    const message = MESSAGES.get(status) ?? STATUS_CODES[status] ?? `Status ${status}`
    return new HttpError(status, message, status === 401 ? { headers: { 'www-authenticate': 'Bearer' } } : {})
  }
  reply.code(status)
  if (body === undefined) return undefined
  if (typeof body === 'string') {
    reply.type('text/plain; charset=utf-8')
    return body
  }
  reply.type('application/json; charset=utf-8')
  return JSON.stringify(body)
}

/** The API's own messages by status; other statuses have their HTTP names. */
const MESSAGES: ReadonlyMap<number, string> = new Map([
  [401, 'Unauthenticated.'],
  [403, 'Invalid ability provided.'],
  [422, 'The given data was invalid.'],
  [429, 'Too Many Attempts.'],
  [500, 'Server Error']
])

/** Returns the body that is sent in place of the right one; undefined if the right one is sent. */
function spoil (
  { truncate, malformed, trickle }: Injection['rule'],
  body: Buffer,
  reply: FastifyReply,
  closing: AbortSignal
): Buffer | Readable | undefined {
  if (malformed === true) return Buffer.concat([body.subarray(0, -1), Buffer.from(',')])
  if (truncate === undefined && trickle === undefined) return undefined
  reply.header('content-length', body.length)
  if (trickle !== undefined) return Readable.from(piecesOf(body, known(readDuration(trickle), 'a duration was validated'), closing))
  return Readable.from(beginningOf(body.subarray(0, truncate === true ? body.length / 2 : truncate), reply))
}

async function * beginningOf (body: Buffer, reply: FastifyReply): AsyncGenerator<Buffer> {
  reply.raw.flushHeaders()
  yield body
  throw new Error('cut off by a fault')
}

const PIECES = 20

async function * piecesOf (body: Buffer, ms: number, closing: AbortSignal): AsyncGenerator<Buffer> {
  const length = Math.max(1, Math.ceil(body.length / PIECES))
  const count = Math.ceil(body.length / length)
  for (let at = 0; at < body.length; at += length) {
    await wait(ms / count, closing)
    yield body.subarray(at, at + length)
  }
}

/** Closes the connection without an answer. */
function drop (request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  request.raw.socket.destroy()
  logBrokenOff(request, reply, 'dropped by a fault')
  request.traffic.events.emit('changed')
}

/** Waits in real time, until the server closes at most. */
async function wait (ms: number, closing: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal: closing }).catch(() => {})
}
