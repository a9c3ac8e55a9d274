import { validateHeaderName, validateHeaderValue } from 'node:http'
import { Type } from '@sinclair/typebox'
import type { FaultRule } from '../domain/traffic/faults.ts'
import type { FieldErrors } from '../http/errors.ts'

const Header = Type.String({ maxLength: 4_096 })

const Match = Type.Object({
  method: Type.Optional(Type.String({ minLength: 1, maxLength: 16, description: 'In any case.', examples: ['POST'] })),
  path: Type.Optional(Type.String({ minLength: 1, maxLength: 1_024, description: 'Without the query; * stands for any text.', examples: ['/extractions/*'] })),
  token: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'The name of the caller\'s token.' })),
  nth: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Only the nth request that matches otherwise, counted from when the fault was added.' }))
}, { additionalProperties: false, description: 'All that is named must match; nothing named matches every request of the namespace.' })

/** What is to go wrong, and for which requests. The same in the control API, in config files and in process. */
export const FaultRuleBody = Type.Object({
  match: Match,
  status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599, description: 'Answer with this; without `body`, as the API words such an answer (signed URLs: as S3 does).' })),
  headers: Type.Optional(Type.Record(Type.String(), Header, { description: 'Headers that are set on the answer.', examples: [{ 'Retry-After': '30' }] })),
  body: Type.Optional(Type.Unknown({ description: 'The body that goes with `status`: a text as it is, anything else as JSON.' })),
  delay: Type.Optional(Type.String({ format: 'short-span', description: 'Wait so long first, in real time; 2s~1s for one to three seconds.', examples: ['PT2S'] })),
  drop: Type.Optional(Type.Boolean({ description: 'Close the connection without an answer.' })),
  truncate: Type.Optional(Type.Union([Type.Literal(true, { title: 'true' }), Type.Integer({ minimum: 0, title: 'a number of bytes' })], {
    description: 'Send so many bytes of the body (true: half of them), then close the connection.'
  })),
  malformed: Type.Optional(Type.Boolean({ description: 'Send a body that is not JSON, though it says so.' })),
  trickle: Type.Optional(Type.String({ format: 'short-duration', description: 'Send the body piece by piece, over so long in real time.' })),
  after: Type.Optional(Type.Boolean({ description: 'With `status` or `drop`: carry the request out first; only the answer is lost.' })),
  times: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'How often it happens; without it, until it is deleted.' })),
  probability: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'How likely it happens to a request that matches; the seed decides to which.' }))
}, { additionalProperties: false })

/** What about a rule makes no sense, by field. */
export function contradictionsIn (rule: FaultRule): FieldErrors {
  const { match, status, headers = {}, body, delay, drop = false, truncate, malformed = false, trickle, after = false, times, probability } = rule
  const spoiled = [truncate !== undefined, malformed, trickle !== undefined].filter(Boolean).length
  const idle = status === undefined && delay === undefined && !drop && spoiled === 0 && Object.keys(headers).length === 0
  const faults: Array<[field: string, wrong: boolean, fault: string]> = [
    ['status', idle, 'or one of headers, delay, drop, truncate, malformed and trickle must say what is to happen.'],
    ['drop', drop && (spoiled > 0 || status !== undefined || Object.keys(headers).length > 0), 'does not go with an answer: leave out status, headers, truncate, malformed and trickle.'],
    ['truncate', spoiled > 1, 'goes alone: send one of truncate, malformed and trickle.'],
    ['body', body !== undefined && status === undefined, 'needs a status.'],
    ['body', body !== undefined && status !== undefined && BODILESS.has(status), `does not go with status ${status}, which has none.`],
    ['after', after && !drop && status === undefined, 'needs drop or a status: everything else happens afterwards anyway.'],
    ['times', times !== undefined && match.nth !== undefined, 'does not go with match.nth, which happens once.'],
    ['probability', probability !== undefined && match.nth !== undefined, 'does not go with match.nth.'],
    ...Object.entries(headers).map(([name, value]): [string, boolean, string] => [`headers.${name}`, !isHeader(name, value), 'is no header that can be set.'])
  ]
  return Object.fromEntries(faults.filter(([, wrong]) => wrong).map(([field, , fault]) => [field, [`The ${field} field ${fault}`]]))
}

const BODILESS = new Set([204, 205, 304])

/** Headers that say how the message is framed are the server's. */
const FRAMING = /^(connection|content-length|transfer-encoding|upgrade|trailer|te|keep-alive)$/i

function isHeader (name: string, value: string): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return !FRAMING.test(name)
  } catch {
    return false
  }
}
