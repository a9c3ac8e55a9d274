import type { Control } from './control.ts'
import type { Message } from './events.ts'
import type { NamespaceControl } from './namespace-control.ts'
import { known } from '../domain/known.ts'
import { HttpError } from '../http/errors.ts'
import { withoutUndefined } from './schema.ts'

export interface ControlAddress {
  /** The base URL of the server, without a trailing slash. */
  readonly url: string
  readonly controlToken?: string | undefined
}

/**
 * Creates the control interface of a server in another process: each command is one request to its control API. What the server
 * refuses is thrown as the HttpError that the command throws in the server's own process.
 */
export function createRemoteControl (address: ControlAddress): Control {
  const { send, list } = createSender(address)
  return {
    tokens: {
      mint: async (request = {}) => await send('POST', '/tokens', request),
      revoke: async id => { await send('DELETE', `/tokens/${encodeURIComponent(id)}`) }
    },
    namespace: name => createRemoteNamespace(name, address),
    namespaces: async () => await list('/namespaces'),
    resetAll: async () => { await send('POST', '/reset') },
    filenameDirectives: async () => await list('/magic')
  }
}

function createRemoteNamespace (name: string, address: ControlAddress): NamespaceControl {
  const { send, list, open } = createSender(address, `/namespaces/${encodeURIComponent(name)}`)
  return {
    name,
    clock: {
      get: async () => await send('GET', '/clock'),
      set: async change => await send('PUT', '/clock', change),
      advance: async advance => await send('POST', '/clock/advance', advance)
    },
    outcomes: {
      list: async () => await list('/outcomes'),
      put: async (rule, body) => await send('PUT', `/outcomes/${encodeURIComponent(rule)}`, body),
      delete: async rule => { await send('DELETE', `/outcomes/${encodeURIComponent(rule)}`) }
    },
    documents: {
      complete: async id => await send('POST', `/documents/${encodeURIComponent(id)}/complete`),
      fail: async (id, reason) => await send('POST', `/documents/${encodeURIComponent(id)}/fail`, { reason })
    },
    results: {
      complete: async (id, values = {}) => await send('POST', `/results/${encodeURIComponent(id)}/complete`, values),
      fail: async (id, reason) => await send('POST', `/results/${encodeURIComponent(id)}/fail`, { reason })
    },
    invites: {
      accept: async id => await send('POST', `/invites/${id}/accept`)
    },
    faults: {
      list: async () => await list('/faults'),
      add: async rule => await send('POST', '/faults', rule),
      delete: async id => { await send('DELETE', `/faults/${encodeURIComponent(id)}`) },
      clear: async () => { await send('DELETE', '/faults') }
    },
    rateLimit: {
      get: async () => await send('GET', '/rate-limit'),
      set: async limit => await send('PUT', '/rate-limit', limit)
    },
    journal: {
      list: async (filter = {}) => await list(`/requests?${queryOf(filter)}`),
      count: async (filter = {}) => (await send<{ count: number }>('POST', '/requests/count', filter)).count,
      clear: async () => { await send('DELETE', '/requests') }
    },
    async waitFor (resource, until, timeout, signal) {
      return await send('GET', `/wait?${queryOf({ resource, until, timeout })}`, undefined, signal)
    },
    events: async signal => messagesIn(await open('GET', '/events', undefined, signal), signal),
    describe: async () => await send('GET', ''),
    conduct: async () => await send('GET', '/conduct'),
    state: async () => await send('GET', '/state'),
    restore: async state => { await send('PUT', '/state', state) },
    async fork (as) {
      await send('POST', '/fork', { as })
      return createRemoteNamespace(as, address)
    },
    reset: async () => { await send('POST', '/reset') },
    delete: async () => { await send('DELETE', '') }
  }
}

interface Sender {
  /** Resolves to the response, once its status is known to be a success. */
  open (method: string, path: string, body?: object, signal?: AbortSignal): Promise<Response>
  /** Resolves to the body; undefined if there is none. */
  send<Body> (method: string, path: string, body?: object, signal?: AbortSignal): Promise<Body>
  /** Resolves to the items of a list. */
  list<Item> (path: string): Promise<Item[]>
}

function createSender ({ url, controlToken }: ControlAddress, place = ''): Sender {
  const authorization = controlToken === undefined ? {} : { authorization: `Bearer ${controlToken}` }

  const open: Sender['open'] = async (method, path, body, signal) => {
    const response = await fetch(`${url}/_mock${place}${path}`, {
      method,
      headers: body === undefined ? authorization : { ...authorization, 'content-type': 'application/json' },
      ...withoutUndefined({ body: body === undefined ? undefined : JSON.stringify(body), signal })
    }).catch(() => {
      signal?.throwIfAborted()
      throw new HttpError(503, `${url} does not answer.`)
    })
    if (!response.ok) throw await errorOf(response)
    return response
  }

  async function send<Body> (...call: Parameters<typeof open>): Promise<Body> {
    const response = await open(...call)
    return (response.status === 204 ? undefined : await response.json()) as Body
  }

  return { open, send, list: async path => (await send<{ data: [] }>('GET', path)).data }
}

function queryOf (query: object): string {
  return String(new URLSearchParams(withoutUndefined(query) as Record<string, string>))
}

/** Returns the error that a response stands for; one without the body of a problem comes from another server, or another API. */
async function errorOf (response: Response): Promise<HttpError> {
  const { status, url, headers } = response
  const isProblem = headers.get('content-type')?.startsWith('application/problem+json') === true
  if (!isProblem) return new HttpError(status, `${url} answers ${status}: it is not raydocs-mock, or its control API is off.`)
  const { detail, errors } = await response.json() as { detail: string, errors?: Record<string, string[]> }
  return new HttpError(status, detail, withoutUndefined({ errors }))
}

/** Reads server-sent events, each of which the server writes as a line with its kind and a line with its data. */
async function * messagesIn ({ body }: Response, signal: AbortSignal | undefined): AsyncGenerator<Message, undefined> {
  let rest = ''
  try {
    for await (const text of known(body, 'a stream has a body').pipeThrough(new TextDecoderStream())) {
      const blocks = `${rest}${text}`.split('\n\n')
      rest = String(blocks.pop())
      for (const block of blocks) {
        const [, event, data] = /^event: (.*)\ndata: (.*)$/m.exec(block) ?? []
        if (data !== undefined) yield { event, data: JSON.parse(data) } as Message
      }
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error
  }
}
