import { validateHeaderName, validateHeaderValue } from 'node:http'
import { Type } from '@sinclair/typebox'
import type { FaultRule } from '../domain/traffic/faults.ts'
import type { FieldErrors } from '../http/errors.ts'
import { RequestConditions } from './request-filter.ts'

const Header = Type.String({ maxLength: 4_096 })

const Match = Type.Object({
  ...RequestConditions.properties,
  nth: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    description: 'Apply the fault only to the nth matching request since it was added.'
  }))
}, {
  additionalProperties: false,
  description: 'Requests that the fault applies to: all given fields must match; without any, every request of the namespace does.'
})

/** A fault and the requests it applies to. The same shape in the control API, in config files and in process. */
export const FaultRuleBody = Type.Object({
  match: Match,
  status: Type.Optional(Type.Integer({
    minimum: 200,
    maximum: 599,
    description: 'Respond with this status. Without `body`, the usual error body is sent (for signed URLs, that of S3).'
  })),
  headers: Type.Optional(Type.Record(Type.String(), Header, {
    description: 'Headers to set on the response.',
    examples: [{ 'Retry-After': '30' }]
  })),
  body: Type.Optional(Type.Unknown({ description: 'Body for `status`: a string is sent unchanged, anything else as JSON.' })),
  delay: Type.Optional(Type.String({
    format: 'short-span',
    description: 'Delay before the response, in real time; `2s~1s` means one to three seconds.',
    examples: ['PT2S']
  })),
  drop: Type.Optional(Type.Boolean({ description: 'Close the connection without a response.' })),
  truncate: Type.Optional(Type.Union([Type.Literal(true, { title: 'true' }), Type.Integer({ minimum: 0, title: 'a number of bytes' })], {
    description: 'Number of body bytes to send before the connection is closed (`true`: half of them).'
  })),
  malformed: Type.Optional(Type.Boolean({ description: 'Send invalid JSON with the content type of JSON.' })),
  trickle: Type.Optional(Type.String({ format: 'short-duration', description: 'Send the body slowly, over this time in real time.' })),
  after: Type.Optional(Type.Boolean({
    description: 'With `status` or `drop`: execute the request first, then replace or drop its response.'
  })),
  times: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    description: 'Number of times the fault applies; without it, until it is deleted.'
  })),
  probability: Type.Optional(Type.Number({
    exclusiveMinimum: 0,
    maximum: 1,
    description: 'Probability that the fault applies to a matching request; deterministic for a given seed.'
  }))
}, { additionalProperties: false })

/** Returns the contradictions between the fields of a rule, by field. */
export function contradictionsIn (rule: FaultRule): FieldErrors {
  const { match, status, headers = {}, body, delay, drop = false, truncate, malformed = false, trickle } = rule
  const { after = false, times, probability } = rule
  const spoiled = [truncate !== undefined, malformed, trickle !== undefined].filter(Boolean).length
  const idle = status === undefined && delay === undefined && !drop && spoiled === 0 && Object.keys(headers).length === 0
  const issues: Array<[field: string, applies: boolean, issue: string]> = [
    ['status', idle, 'is required unless headers, delay, drop, truncate, malformed or trickle is sent.'],
    [
      'drop',
      drop && (spoiled > 0 || status !== undefined || Object.keys(headers).length > 0),
      'excludes a response: leave out status, headers, truncate, malformed and trickle.'
    ],
    ['truncate', spoiled > 1, 'cannot be combined: send only one of truncate, malformed and trickle.'],
    ['body', body !== undefined && status === undefined, 'requires a status.'],
    [
      'body',
      body !== undefined && status !== undefined && BODILESS.has(status),
      `must be left out: a response with status ${status} has no body.`
    ],
    ['after', after && !drop && status === undefined, 'requires drop or a status: the other effects always follow the request.'],
    ['times', times !== undefined && match.nth !== undefined, 'cannot be combined with match.nth, which applies once.'],
    ['probability', probability !== undefined && match.nth !== undefined, 'cannot be combined with match.nth.'],
    ...Object.entries(headers).map(([name, value]): [string, boolean, string] => {
      return [`headers.${name}`, !isHeader(name, value), 'is not a header that can be set.']
    })
  ]
  return Object.fromEntries(issues.filter(([, applies]) => applies).map(([field, , issue]) => [field, [`The ${field} field ${issue}`]]))
}

const BODILESS = new Set([204, 205, 304])

/** Headers that frame the message; only the server sets them. */
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
