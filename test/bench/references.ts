import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The servers that ours is measured against, on bare `node:http` and with no token asked for:
 *
 *     references.ts naive                        does the same work in the obvious way
 *     references.ts constant <created> <results>  parses nothing and answers a POST and a GET with those two texts
 */
const [name, created = '', results = ''] = process.argv.slice(2)

function naive (): RequestListener {
  const sessions = new Map<string, { id: string, name: string, created_at: string, file: string }>()

  async function createSessions (request: IncomingMessage): Promise<unknown> {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    const { files } = JSON.parse(text) as { files: string[] }
    return files.map(file => {
      const session = { id: randomUUID(), name: 'Pending...', created_at: new Date().toISOString() }
      sessions.set(session.id, { ...session, file })
      return session
    })
  }

  function listResults (sessionId: string): unknown {
    const session = sessions.get(sessionId)
    if (session === undefined) return undefined
    return {
      data: [{
        id: session.id,
        extraction_session_id: session.id,
        status: 'completed',
        config_hash: '0'.repeat(64),
        title: `Invoices - ${session.file.slice('tmp/abc123-'.length)}`,
        created_at: session.created_at,
        completed_at: new Date().toISOString()
      }]
    }
  }

  return async (request, response) => {
    if (request.method === 'POST') answer(response, 201, JSON.stringify(await createSessions(request)))
    else answer(response, 200, JSON.stringify(listResults(request.url?.split('/')[3] ?? '')))
  }
}

function constant (created: string, results: string): RequestListener {
  return (request, response) => {
    if (request.method === 'POST') answer(response, 201, created)
    else answer(response, 200, results)
  }
}

function answer (response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) }).end(body)
}

const server = createServer(name === 'naive' ? naive() : constant(created, results))
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
