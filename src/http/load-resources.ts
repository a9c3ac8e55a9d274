import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import type { FoundDocument, Session, Template } from '../domain/lifecycle/records.ts'
import type { Role, Workspace } from '../domain/workspaces/workspace.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import { isUuid } from '../domain/ids.ts'
import { roleIsEnough } from './roles.ts'
import { notAuthorized, notFound } from './errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes whose path has `:workspaceId`. */
    workspace: Workspace
    /** Set on routes whose path has `:templateId`. */
    template: Template
    /** Set on routes whose path has `:sessionId`, and, as the session that the result belongs to, `:resultId`. */
    session: Session
    /** Set on routes whose path has `:documentId`: the document, and the sessions around it. */
    found: FoundDocument
  }
}

type ResourceProperty = 'workspace' | 'template' | 'session' | 'found'

interface ResourceLoader<Key extends ResourceProperty> {
  readonly param: string
  readonly kind: string
  readonly property: Key
  readonly isId: (text: string) => boolean
  readonly find: (namespace: Namespace, id: string) => Promise<FastifyRequest[Key] | undefined>
  readonly workspaceOf: (thing: FastifyRequest[Key]) => number
}

const LOADERS = [
  loader({ param: 'workspaceId', kind: 'Workspace', property: 'workspace', isId: isNumber, find: ({ store }, id) => store.workspaces.find(Number(id)), workspaceOf: ({ id }) => id }),
  loader({ param: 'templateId', kind: 'Template', property: 'template', isId: isUuid, find: ({ store }, id) => store.templates.find(id), workspaceOf: ({ workspaceId }) => workspaceId }),
  loader({ param: 'sessionId', kind: 'Session', property: 'session', isId: isUuid, find: async ({ store }, id) => (await store.findSessions([id]))[0], workspaceOf: ({ template }) => template.workspaceId }),
  loader({ param: 'documentId', kind: 'Document', property: 'found', isId: isUuid, find: async ({ store }, id) => (await store.findDocuments([id]))[0], workspaceOf: ({ document }) => document.workspaceId }),
  loader({ param: 'resultId', kind: 'Result', property: 'session', isId: isUuid, find: ({ store }, id) => store.findSessionOfResult(id), workspaceOf: ({ template }) => template.workspaceId })
]

/**
 * Looks up what a route's path names, once and for all routes: 404 before the body is read if there is no such thing in
 * the caller's namespace, in a workspace of the caller's, and in the workspace that the path names, a malformed id
 * included; 403 if the caller's role there is not enough. Ids are accepted in any case.
 */
export const resourceLoading = fp(async (app: FastifyInstance) => {
  for (const { property } of LOADERS) if (!app.hasRequestDecorator(property)) app.decorateRequest(property)

  app.addHook('onRoute', route => {
    const hooks = LOADERS.filter(({ param }) => route.url.split('/').includes(`:${param}`)).map(({ hook }) => hook)
    if (hooks.length > 0) route.onRequest = [...hooks, ...[route.onRequest ?? []].flat()]
  })
}, { name: 'bindings', dependencies: ['identity'] })

function loader<Key extends ResourceProperty> (of: ResourceLoader<Key>): { param: string, property: ResourceProperty, hook: onRequestHookHandler } {
  return { param: of.param, property: of.property, hook: hookOf(of) }
}

function hookOf<Key extends ResourceProperty> (binding: ResourceLoader<Key>): onRequestHookHandler {
  const { param, kind, isId, find } = binding
  return (request, _reply, done) => {
    const id = String((request.params as Record<string, string>)[param]).toLowerCase()
    if (!isId(id)) return done(notFound(kind))
    const { namespace, caller } = request
    // Every poll comes this way: no promise more than there are steps.
    find(namespace, id).then(found => {
      if (found === undefined) return done(notFound(kind))
      namespace.store.rolesOf(caller.user).then(roles => { done(bind(binding, request, found, roles)) }, done)
    }, done)
  }
}

/** Binds what was found to the request, or tells why the caller may not have it. */
function bind<Key extends ResourceProperty> ({ kind, property, workspaceOf }: ResourceLoader<Key>, request: FastifyRequest, found: FastifyRequest[Key], roles: ReadonlyMap<number, Role>): Error | undefined {
  const workspaceId = workspaceOf(found)
  const role = roles.get(workspaceId)
  // A path that names a workspace names it first.
  if (role === undefined || (request.workspace !== undefined && request.workspace.id !== workspaceId)) return notFound(kind)
  if (!roleIsEnough(request, role)) return notAuthorized()
  const bound: Pick<FastifyRequest, Key> = request
  bound[property] = found
  return undefined
}

/** The number by which a path names a thing; NaN for what is written in any other way than numbers are handed out. */
export function readNumericId (segment: unknown): number {
  return isNumber(String(segment)) ? Number(segment) : NaN
}

function isNumber (text: string): boolean {
  return /^[1-9]\d{0,14}$/.test(text)
}
