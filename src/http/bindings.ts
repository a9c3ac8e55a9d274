import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import type { Document, Session, Template } from '../domain/records.ts'
import type { Namespace } from '../namespace.ts'
import { isUuid } from '../domain/ids.ts'
import { notFound } from './errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes whose path has `:templateId`. */
    template: Template
    /** Set on routes whose path has `:sessionId`, and, as the session that the result belongs to, `:resultId`. */
    session: Session
    /** Set on routes whose path has `:documentId`: the document, and the session around it. */
    found: { readonly document: Document, readonly session: Session }
  }
}

type Bound = 'template' | 'session' | 'found'

interface Binding<Key extends Bound> {
  readonly param: string
  readonly kind: string
  readonly property: Key
  readonly find: (namespace: Namespace, id: string) => Promise<FastifyRequest[Key] | undefined>
}

const BINDINGS: ReadonlyArray<Binding<'template'> | Binding<'session'> | Binding<'found'>> = [
  { param: 'templateId', kind: 'Template', property: 'template', find: ({ store }, id) => store.findTemplate(id) },
  { param: 'sessionId', kind: 'Session', property: 'session', find: async ({ store }, id) => (await store.findSessions([id]))[0] },
  { param: 'documentId', kind: 'Document', property: 'found', find: async ({ store }, id) => documentIn(await store.findSessionOfDocument(id), id) },
  { param: 'resultId', kind: 'Result', property: 'session', find: ({ store }, id) => store.findSessionOfResult(id) }
]

/**
 * Looks up what a route's path names, once and for all routes: 404 before the body is read if there is no such thing in
 * the caller's namespace, a malformed id included. Ids are accepted in any case.
 */
export const bindings = fp(async (app: FastifyInstance) => {
  app.decorateRequest('template')
  app.decorateRequest('session')
  app.decorateRequest('found')

  app.addHook('onRoute', route => {
    const hooks = BINDINGS.filter(({ param }) => route.url.includes(`/:${param}`)).map(hookOf)
    if (hooks.length > 0) route.onRequest = [...hooks, ...[route.onRequest ?? []].flat()]
  })
}, { name: 'bindings', dependencies: ['identity'] })

function hookOf<Key extends Bound> ({ param, kind, property, find }: Binding<Key>): onRequestHookHandler {
  return (request, _reply, done) => {
    const id = String((request.params as Record<string, string>)[param]).toLowerCase()
    if (!isUuid(id)) return done(notFound(kind))
    find(request.namespace, id).then(found => {
      if (found === undefined) return done(notFound(kind))
      const bound: Pick<FastifyRequest, Key> = request
      bound[property] = found
      done()
    }, done)
  }
}

function documentIn (session: Session | undefined, id: string): FastifyRequest['found'] | undefined {
  return session?.documents.map(document => ({ document, session })).find(({ document }) => document.id === id)
}
