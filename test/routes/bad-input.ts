import type { Test } from 'tap'
import { FULL, type Rig } from '../helper.ts'

/** A bad value of a field and its message: `must be a string.` completes "The x field ...", `The x ...` is a whole message. */
export type BadValue = readonly [value: unknown, fault: string]

/** A list longer than any client sends by mistake. */
const JUNK = Array.from({ length: 10_000 }, (_, n) => ({ n }))

/** Values that count as missing, for a required field. */
export const MISSING: readonly BadValue[] = [undefined, null, '', ' \t\n\u00a0\ufeff', []].map(value => [value, 'is required.'])

/** Values of all types but these. `empty` is for optional fields, where `[]` has the wrong type instead of being missing; null is as if absent there. */
export function notOf (types: ReadonlyArray<'string' | 'integer' | 'boolean' | 'object' | 'array'>, fault: string, empty: 'empty' | 'missing' = 'empty'): BadValue[] {
  const samples: Array<readonly [type: string, value: unknown]> = [
    ['string', 'text'], ['string', '1'], ['integer', 5], ['number', 1.5], ['boolean', true], ['object', {}], ['object', { length: 1 }], ['array', ['text']], ['array', JUNK],
    // PHP writes an empty object like that.
    ...empty === 'empty' && !types.includes('object') ? [['array', []]] as const : []
  ]
  return samples.filter(([type]) => !types.some(one => one === type)).map(([, value]) => [value, fault])
}

/** Bad values of an optional name. An empty one is as if absent. */
export const BAD_NAMES: readonly BadValue[] = [...notOf(['string'], 'must be a string.'), ['x'.repeat(256), 'must not be greater than 255 characters.']]

/** Bad values of a required name. */
export const BAD_REQUIRED_NAMES: readonly BadValue[] = [...MISSING, ...notOf(['string'], 'must be a string.', 'missing'), ['x'.repeat(256), 'must not be greater than 255 characters.']]

/** Path segments that are not numeric ids. */
export const NO_NUMBERS = ['0', '-1', '1.5', '1.0', '01', '+1', '1e0', '0x1', '%201', 'abc', 'null', '%00', '999999', '99999999999999999999', '1'.repeat(2_000), '1;2', '1,2']

/** Path segments that are not UUIDs, or the id of no record. */
export const NO_UUIDS = ['0', '-1', '1.5', 'abc', 'null', '%00', '99999999999999999999', 'x'.repeat(2_000), '9c90c3cc-0d44-4b50-8888-8dd257360521', '9c90c3cc0d444b5088888dd257360521', '{9c90c3cc-0d44-4b50-8888-8dd257360521}']

export interface Endpoint {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  /** The caller's headers; by default the owner's. */
  readonly headers?: Record<string, string>
  /** A valid body, which is never sent. */
  readonly valid: object
  /** Bad values of fields, by dotted path. */
  readonly bad: { readonly [path: string]: readonly BadValue[] }
  /** URLs whose responses must not change. */
  readonly unchanged?: readonly string[]
}

/**
 * Sends every bad value in an otherwise valid body, then one bad value in every field at once, then bodies that are not objects or not
 * JSON, and compares each response as a whole.
 */
export async function refusesBadBodies (t: Test, { app }: Rig, { method, url, headers = FULL, valid, bad, unchanged = [] }: Endpoint): Promise<void> {
  const send = async (payload: unknown, type = 'application/json'): Promise<[number, unknown]> => {
    const reply = await app.inject({ method, url, headers: { ...headers, 'content-type': type }, payload: typeof payload === 'string' ? payload : JSON.stringify(payload) })
    return [reply.statusCode, reply.json()]
  }
  const look = async (): Promise<string[]> => await Promise.all(unchanged.map(async url => (await app.inject({ url, headers })).body))
  const before = await look()
  for (const [path, values] of Object.entries(bad)) {
    for (const [value, fault] of values) t.strictSame(await send(withValue(valid, path, value)), refusal({ [path]: fault }), `${path}: ${JSON.stringify(value)?.slice(0, 40)}`)
  }
  const fields = Object.entries(bad).filter(([path]) => !path.includes('.'))
  const worst = fields.map(([path, values]) => [path, ...values.at(-1) as BadValue] as const)
  t.strictSame(await send(Object.fromEntries(worst.map(([path, value]) => [path, value]))), refusal(Object.fromEntries(worst.map(([path, , fault]) => [path, fault]))), 'all issues at once')

  const required = fields.flatMap(([path, values]) => values.filter(([value]) => value === undefined).map(([, fault]) => [path, fault]))
  if (required.length > 0) {
    for (const body of ['{}', '[]', 'null', '5', '"text"', 'true', '[{}]', '']) t.strictSame(await send(body), refusal(Object.fromEntries(required)), `the body ${body}`)
  }
  t.strictSame(await send('{'), [400, { message: 'The request body is not valid JSON.' }])
  t.strictSame(await send('name=x', 'application/x-www-form-urlencoded'), [415, { message: 'Unsupported media type: send the body as application/json.' }])
  t.strictSame(await send(`"${'x'.repeat(1024 * 1024)}"`), [413, { message: 'The request body is too large: send 1 MiB at most.' }])
  t.strictSame(await look(), before, 'nothing has changed')
}

/** Calls `url` with each segment in place of `*` and expects 404. */
export async function findsNone (t: Test, { app }: Rig, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, kind: string, segments: readonly string[], headers: Record<string, string> = FULL): Promise<void> {
  for (const segment of segments) {
    // The body is invalid too: 404 comes before 422.
    const reply = await app.inject({ method, url: url.replace('*', segment), headers, ...method === 'GET' ? {} : { payload: { name: 5, role: 5 } } })
    t.strictSame([reply.statusCode, reply.json()], [404, { message: `${kind} not found.` }], `${method} ${url}: ${segment.slice(0, 40)}`)
  }
}

function refusal (faults: { readonly [path: string]: string }): [number, object] {
  const errors = Object.fromEntries(Object.entries(faults).map(([path, fault]) => [path, [fault.startsWith('The ') ? fault : `The ${path} field ${fault}`]]))
  const [first = '', ...more] = Object.values(errors).flat()
  return [422, { message: `${first}${more.length === 0 ? '' : ` (and ${more.length} more error${more.length === 1 ? '' : 's'})`}`, errors }]
}

/** Copies the body with another value at a dotted path; undefined removes the field. */
function withValue (body: object, path: string, value: unknown): object {
  const [key = '', ...rest] = path.split('.')
  const inner = (body as Record<string, object>)[key] ?? {}
  const next = rest.length === 0 ? value : withValue(inner, rest.join('.'), value)
  return Array.isArray(body) ? body.map((item, index) => String(index) === key ? next : item) : { ...body, [key]: next }
}
