import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { readContract, readControlContract } from '../src/package.ts'
import { BATCH_URL, build, FULL, TEMPLATE, type Rig } from './helper.ts'

/** The seed of every choice: a run repeats the one before. */
const SEED = 20_240_115

/** The number of calls; all that there are would take minutes. */
const RUNS = 1_200

/** Values that fit no field, or only just do. */
const NASTY: readonly unknown[] = [
  undefined, null, '', ' ', '\t\n', '\0', 'x', 'X'.repeat(300), 'x'.repeat(70_000), '\ud800', '💶', '../../etc/passwd', '<script>', "' OR 1=1 --", '%00', '%zz', '{}', 'null', 'true',
  '__proto__', 'constructor', '9'.repeat(400), '-1', '0', '1e999', '2030-02-30T00:00:00Z', '9999-12-31T23:59:59.999Z', 'P1M', '52w', 'http://127.0.0.1:1/x', 'tmp/../x', 'tmp/fuzz.pdf', TEMPLATE,
  0, -0, -1, 1, 1.5, 1e308, 2 ** 53, true, false, [], [[]], [null], [{}], ['x', 'x'], Array(60).fill('tmp/x.pdf'), {}, { length: -1 }, { toString: 1 }, { constructor: { prototype: 1 } },
  JSON.parse('{"__proto__": {"a": 1}}'), JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`), JSON.parse(`${'{"properties":'.repeat(1_000)}1${'}'.repeat(1_000)}`)
]

/** Calls that never end, or after which nothing else would have an answer. */
const LEFT_OUT = new Set(['watchEvents', 'resetAll'])

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly examples?: readonly unknown[]
  readonly format?: string
}

interface Operation {
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly parameters: ReadonlyArray<{ readonly in: string, readonly name: string }>
  readonly body: Schema | undefined
}

const operations: readonly Operation[] = [readContract(), readControlContract()].flatMap(contract => {
  return Object.entries<Record<string, any>>(JSON.parse(contract).paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({
    id: operation.operationId,
    method: method.toUpperCase() as Operation['method'],
    path,
    parameters: operation.parameters ?? [],
    body: operation.requestBody?.content['application/json']?.schema
  })))
}).filter(({ id }) => !LEFT_OUT.has(id))

/** Values by the name of the field or parameter, where an example of the document would name no resource. */
type Known = Readonly<Record<string, unknown>>

/** Returns a value that the schema accepts. */
function valid (schema: Schema, name: string, known: Known): unknown {
  if (Object.hasOwn(known, name)) return known[name]
  if (schema.examples !== undefined) return schema.examples[0]
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.properties !== undefined) {
    return Object.fromEntries(Object.entries(schema.properties).filter(([key]) => schema.required?.includes(key)).map(([key, part]) => [key, valid(part, key, known)]))
  }
  switch (schema.type) {
    case 'array': return [valid(schema.items ?? {}, name, known)]
    case 'object': return {}
    case 'integer': return 1
    default: return 'x'
  }
}

/** The dotted paths of the fields of a body, itself included. */
function fieldsOf ({ properties = {}, items }: Schema, path: readonly string[] = []): Array<readonly string[]> {
  return [path, ...Object.entries(properties).flatMap(([name, part]) => fieldsOf(part, [...path, name])), ...items === undefined ? [] : fieldsOf(items, [...path, '0'])]
}

function withValue (whole: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  const parts: any = typeof whole === 'object' && whole !== null ? whole : {}
  if (Array.isArray(parts)) return [withValue(parts[0], rest, value), ...parts.slice(1)]
  return { ...parts, [key]: withValue(parts[key], rest, value) }
}

function textOf (value: unknown): string {
  return typeof value === 'string' ? value : String(JSON.stringify(value))
}

interface Case {
  readonly operation: Operation
  readonly place: 'path' | 'query' | 'body'
  readonly at: readonly string[]
  readonly value: unknown
}

const cases: readonly Case[] = operations.flatMap(operation => {
  const { parameters, body } = operation
  const places = [
    ...parameters.map(({ in: place, name }) => ({ place: place as Case['place'], at: [name] })),
    ...body === undefined ? [] : fieldsOf(body).map(at => ({ place: 'body' as const, at }))
  ]
  return places.flatMap(place => NASTY.map(value => ({ operation, ...place, value })))
})

/** Fails for a promise that takes too long. */
async function bounded<T> (promise: Promise<T>, what: string): Promise<T> {
  const over = new AbortController()
  const late = pause(20_000, undefined, { signal: over.signal }).then(() => { throw new Error(`${what} hangs`) }, () => undefined as never)
  try {
    return await Promise.race([promise, late])
  } finally {
    over.abort()
  }
}

/** Creates one resource of each kind, and returns their ids by the names of parameters and fields. */
async function knownIn (rig: Rig): Promise<Known> {
  const [session = '', other = ''] = await rig.create(['tmp/mock-pages-1.pdf', 'tmp/b.pdf'], { auto_extract: true })
  const [document, result] = [await rig.documentOf(session), await rig.resultOf(session)]
  const invite = (await rig.call('POST', '/workspaces/1/users/add', { email: 'new@example.org', role: 'user' })).json().invite_id
  await rig.control('POST', '/namespaces/default/clock/advance', { to: 'idle' })
  return {
    workspaceId: 1,
    workspace_id: 1,
    userId: 2,
    inviteId: invite,
    invite,
    templateId: TEMPLATE,
    extraction_template_id: TEMPLATE,
    sessionId: session,
    documentId: document,
    document,
    resultId: result,
    result,
    session_ids: [session, other],
    document_ids: [document],
    resource: `result:${result}`,
    until: 'completed',
    timeout: '0s',
    format: 'json',
    rule: 'x',
    fault: 'fault-1',
    tokenId: 'x',
    name: 'x',
    documentKey: 'x',
    url: 'http://127.0.0.1:1/a.pdf',
    match: {},
    attempts: {},
    status: 500
  }
}

t.test('answers every call with a nasty value below 500, and in the documented form', async t => {
  const rig = await build(t)
  const known = await knownIn(rig)
  const [chosen = []] = fc.sample(fc.shuffledSubarray([...cases], { minLength: RUNS, maxLength: RUNS }), { seed: SEED, numRuns: 1 })
  let namespace = 0
  let left = 0
  for (const { operation: { id, method, path, parameters, body }, place, at, value } of chosen) {
    // What one call leaves behind is no concern of the next.
    if (left-- === 0) {
      left = 25
      await rig.control('POST', '/namespaces/default/fork', { as: `fuzz-${++namespace}` })
    }
    const values: Known = { ...known, namespace: `fuzz-${namespace}` }
    const sent = (name: string, where: Case['place']): string => textOf(place === where && at[0] === name ? value : values[name] ?? 'x')
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(sent(name, 'path').toWellFormed()))
    const query = new URLSearchParams(parameters.filter(parameter => parameter.in === 'query' && (place === 'query' || id === 'waitFor')).map(({ name }): [string, string] => [name, sent(name, 'query')]))
    const payload = body === undefined ? undefined : place === 'body' ? withValue(valid(body, '', values), at, value) : valid(body, '', values)
    const what = `${id} with ${place} ${at.join('.')} = ${JSON.stringify(value)?.slice(0, 60)}`
    const reply = await bounded(rig.app.inject({
      method,
      url: query.size === 0 ? filled : `${filled}?${query}`,
      headers: { ...FULL, 'x-mock-namespace': `fuzz-${namespace}`, 'content-type': 'application/json' },
      ...payload === undefined ? {} : { payload: JSON.stringify(payload) }
    }), what)
    if (id === 'addFault') await rig.control('DELETE', `/namespaces/fuzz-${namespace}/faults`)
    if (reply.statusCode >= 500) t.fail(`${what} answers ${reply.statusCode}: ${reply.body}`)
  }
  t.equal(chosen.length, RUNS)
})

t.test('answers damaged requests below 500, or closes the connection', async t => {
  const { app } = await build(t)
  const { port, hostname } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const body = '{"files":["tmp/a.pdf"],"settings":{"auto_extract":true}}'
  const whole = `POST ${BATCH_URL} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer rd_test_full\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
  const damage = fc.oneof(
    fc.nat({ max: whole.length }).map(end => whole.slice(0, end)),
    fc.tuple(fc.nat({ max: whole.length }), fc.nat({ max: 255 })).map(([at, code]) => whole.slice(0, at) + String.fromCharCode(code) + whole.slice(at + 1)),
    fc.tuple(fc.nat({ max: whole.length }), fc.constantFrom('\r\n', '\0', ' ', ':', 'Host: x\r\n', '\r\nTransfer-Encoding: chunked', 'é'.repeat(50), '-1', '%')).map(([at, more]) => whole.slice(0, at) + more + whole.slice(at)),
    fc.tuple(fc.nat({ max: whole.length }), fc.nat({ max: whole.length })).map(([at, to]) => whole.slice(0, Math.min(at, to)) + whole.slice(Math.max(at, to)))
  )
  const send = async (request: string): Promise<void> => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    await once(socket, 'connect', { signal: AbortSignal.timeout(10_000) })
    socket.end(request, 'latin1')
    const reply = await bounded(text(socket).catch(() => ''), JSON.stringify(request)).finally(() => { socket.destroy() })
    for (const [, status] of reply.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)) if (Number(status) >= 500) t.fail(`${JSON.stringify(request)} answers ${status}`)
  }
  const requests = fc.sample(damage, { seed: SEED, numRuns: 200 })
  for (let at = 0; at < requests.length; at += 100) await Promise.all(requests.slice(at, at + 100).map(send))
  t.equal((await app.inject('/livez')).statusCode, 200, 'the server is well afterwards')
})
