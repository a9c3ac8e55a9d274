import { hash } from 'node:crypto'
import { TEMPLATE, as, type Rig } from '../helper.ts'

export const UNKNOWN = '9c90c3cc-0d44-4b50-8888-8dd257360521'

export const SESSIONS_URL = '/extractions/sessions'

type Method = Parameters<Rig['call']>[0]

/** A response: the status and the body, an empty string if there is none. */
export type Answer = [status: number, body: any]

/** Calls as one of the users, by default the owner. */
export async function ask ({ app }: Rig, method: Method, url: string, payload?: object, who: Parameters<typeof as>[0] = 'full'): Promise<Answer> {
  const reply = await app.inject({ method, url, headers: as(who), ...payload === undefined ? {} : { payload } })
  return [reply.statusCode, reply.body === '' ? '' : reply.json()]
}

/** Calls and returns the body of a 2xx response. */
export async function get (rig: Rig, url: string): Promise<any> {
  const [status, body] = await ask(rig, 'GET', url)
  if (status !== 200) throw new Error(`${url} answers ${status}`)
  return body
}

/** Uploads bytes through a signed URL; resolves to the file key. */
export async function upload ({ app }: Rig, bytes: string | Buffer, { type = 'text/plain', filename, who = 'full' }: { type?: string, filename?: string, who?: Parameters<typeof as>[0] } = {}): Promise<string> {
  const grant = (await app.inject({ method: 'POST', url: '/vapor/signed-storage-url', headers: as(who), payload: { content_type: type, ...filename === undefined ? {} : { filename } } })).json()
  const { statusCode } = await app.inject({ method: 'PUT', url: grant.url, headers: grant.headers, payload: bytes })
  if (statusCode !== 200) throw new Error(`the upload answers ${statusCode}`)
  return grant.key
}

/** Creates a session without documents; resolves to its id. */
export async function newSession (rig: Rig, more: object = {}): Promise<string> {
  return (await rig.call('POST', SESSIONS_URL, { extraction_template_id: TEMPLATE, ...more })).json().id
}

/** Creates a session with documents of these file keys; resolves to the ids of both. */
export async function sessionOf (rig: Rig, keys: readonly string[], more: object = {}): Promise<{ session: string, documents: string[] }> {
  const session = await newSession(rig, more)
  const { data } = (await rig.call('POST', `${SESSIONS_URL}/${session}/documents/upload`, { keys })).json()
  return { session, documents: data.map(({ id }: { id: string }) => id) }
}

/** Creates a document in the workspace; resolves to its id. */
export async function newDocument (rig: Rig, key: string, more: object = {}): Promise<string> {
  return (await rig.call('POST', '/workspaces/1/documents', { key, ...more })).json().document.id
}

/** Requests a run; resolves to its id. */
export async function run (rig: Rig, session: string): Promise<string> {
  return (await rig.call('POST', `${SESSIONS_URL}/${session}/results`)).json().id
}

/** Advances the clock until no event is left. */
export async function idle ({ control }: Rig): Promise<void> {
  await control('POST', '/namespaces/default/clock/advance', { to: 'idle' })
}

export function sha256 (bytes: string | Buffer): string {
  return hash('sha256', bytes, 'hex')
}

/** The response to a body with these issues. */
export function refusal (errors: { readonly [path: string]: string }): Answer {
  const [first = '', ...more] = Object.values(errors)
  const suffix = more.length === 0 ? '' : ` (and ${more.length} more error${more.length === 1 ? '' : 's'})`
  return [422, { message: first + suffix, errors: Object.fromEntries(Object.entries(errors).map(([path, message]) => [path, [message]])) }]
}

/** The response to a token without the ability. */
export const NO_ABILITY: Answer = [403, { message: 'Invalid ability provided.' }]

/** The response to a member without the role. */
export const NO_ROLE: Answer = [403, { message: 'This action is unauthorized.' }]

export function notFound (kind: string): Answer {
  return [404, { message: `${kind} not found.` }]
}

export interface Part {
  readonly name: string
  /** Without a filename the part is a text field. */
  readonly filename?: string
  readonly type?: string
  readonly data: string | Buffer
}

/** Encodes a form as multipart/form-data. */
export function form (parts: readonly Part[], end = '--frontier--\r\n'): { headers: { 'content-type': string }, payload: Buffer } {
  const pieces = parts.flatMap(({ name, filename, type, data }) => [
    `--frontier\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n`,
    type === undefined ? '\r\n' : `Content-Type: ${type}\r\n\r\n`,
    data,
    '\r\n'
  ])
  return { headers: { 'content-type': 'multipart/form-data; boundary=frontier' }, payload: Buffer.concat([...pieces, end].map(piece => Buffer.from(piece))) }
}
