import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import type { Session, Template } from '../domain/records.ts'
import type { Namespace } from '../world.ts'
import { isUuid } from '../domain/ids.ts'
import { notFound } from './errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes whose path has `:templateId`. */
    template: Template
    /** Set on routes whose path has `:sessionId`, `:documentId` or `:resultId`: the session itself, or the one around it. */
    session: Session
  }
}

interface Binding<Key extends 'template' | 'session'> {
  readonly param: string
  readonly kind: string
  readonly property: Key
  readonly find: (namespace: Namespace, id: string) => Promise<FastifyRequest[Key] | undefined>
}

const BINDINGS: ReadonlyArray<Binding<'template'> | Binding<'session'>> = [
  { param: 'templateId', kind: 'Template', property: 'template', find: ({ store }, id) => store.findTemplate(id) },
  { param: 'sessionId', kind: 'Session', property: 'session', find: async ({ store }, id) => (await store.findSessions([id]))[0] },
  { param: 'documentId', kind: 'Document', property: 'session', find: ({ store }, id) => store.findSessionOfDocument(id) },
  { param: 'resultId', kind: 'Result', property: 'session', find: ({ store }, id) => store.findSessionOfResult(id) }
]

/**
 * Looks up what a route's path names, once and for all routes: 404 before the body is read if there is no such thing in
 * the caller's namespace, a malformed id included. Ids are accepted in any case.
 */
export const bindings = fp(async (app: FastifyInstance) => {
  app.decorateRequest('template')
  app.decorateRequest('session')

  app.addHook('onRoute', route => {
    const hooks = BINDINGS.filter(({ param }) => route.url.includes(`/:${param}`)).map(hookOf)
    if (hooks.length > 0) route.onRequest = [...hooks, ...[route.onRequest ?? []].flat()]
  })
}, { name: 'bindings', dependencies: ['identity'] })

function hookOf<Key extends 'template' | 'session'> ({ param, kind, property, find }: Binding<Key>): onRequestHookHandler {
  return async request => {
    const id = (request.params as Record<string, string>)[param]?.toLowerCase() ?? ''
    const found = isUuid(id) ? await find(request.namespace, id) : undefined
    if (found === undefined) throw notFound(kind)
    const bound: Pick<FastifyRequest, Key> = request
    bound[property] = found
  }
}
