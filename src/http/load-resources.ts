import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import type { FoundDocument, Session, Template } from '../domain/lifecycle/records.ts'
import type { Role, Workspace } from '../domain/workspaces/workspace.ts'
import type { Records } from '../store/records.ts'
import { isUuid } from '../domain/ids.ts'
import { notAuthorized, notFound } from './errors.ts'
import { roleIsEnough } from './roles.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes whose path has `:workspaceId`. */
    workspace: Workspace
    /** Set on routes whose path has `:templateId`. */
    template: Template
    /** Set on routes whose path has `:sessionId`, and, as the session that the result belongs to, `:resultId`. */
    session: Session
    /** Set on routes whose path has `:documentId`. */
    found: FoundDocument
  }
}

type ResourceProperty = 'workspace' | 'template' | 'session' | 'found'

interface ResourceLoader<Key extends ResourceProperty> {
  readonly param: string
  /** The name of the resource in errors. */
  readonly kind: string
  /** The property of the request that it is loaded into. */
  readonly property: Key
  readonly isId: (text: string) => boolean
  readonly find: (records: Records, id: string) => Promise<FastifyRequest[Key] | undefined>
  readonly workspaceOf: (resource: FastifyRequest[Key]) => number
}

const LOADERS = [
  loader({
    param: 'workspaceId',
    kind: 'Workspace',
    property: 'workspace',
    isId: isNumber,
    find: (records, id) => records.workspaces.find(Number(id)),
    workspaceOf: ({ id }) => id
  }),
  loader({
    param: 'templateId',
    kind: 'Template',
    property: 'template',
    isId: isUuid,
    find: (records, id) => records.templates.find(id),
    workspaceOf: ({ workspaceId }) => workspaceId
  }),
  loader({
    param: 'sessionId',
    kind: 'Session',
    property: 'session',
    isId: isUuid,
    find: async (records, id) => (await records.findSessions([id]))[0],
    workspaceOf: ({ template }) => template.workspaceId
  }),
  loader({
    param: 'documentId',
    kind: 'Document',
    property: 'found',
    isId: isUuid,
    find: async (records, id) => (await records.findDocuments([id]))[0],
    workspaceOf: ({ document }) => document.workspaceId
  }),
  loader({
    param: 'resultId',
    kind: 'Result',
    property: 'session',
    isId: isUuid,
    find: (records, id) => records.findSessionOfResult(id),
    workspaceOf: ({ template }) => template.workspaceId
  })
]

/**
 * Loads the resources that the path of a route names, once and for all routes, before the body is read. A resource that does not
 * exist in the caller's namespace, in a workspace of the caller and in the workspace that the path names answers 404, a malformed
 * id included; a role that does not suffice there answers 403. Ids are accepted in any case.
 */
export const loadResources = fp(async (app: FastifyInstance) => {
  for (const { property } of LOADERS) if (!app.hasRequestDecorator(property)) app.decorateRequest(property)

  app.addHook('onRoute', route => {
    const hooks = LOADERS.filter(({ param }) => route.url.split('/').includes(`:${param}`)).map(({ hook }) => hook)
    if (hooks.length > 0) route.onRequest = [...hooks, ...[route.onRequest ?? []].flat()]
  })
}, { name: 'load-resources', dependencies: ['identity'] })

function loader<Key extends ResourceProperty> (of: ResourceLoader<Key>): {
  param: string
  property: ResourceProperty
  hook: onRequestHookHandler
} {
  return { param: of.param, property: of.property, hook: hookOf(of) }
}

function hookOf<Key extends ResourceProperty> (loader: ResourceLoader<Key>): onRequestHookHandler {
  const { param, kind, isId, find } = loader
  return (request, _reply, done) => {
    const id = String((request.params as Record<string, string>)[param]).toLowerCase()
    if (!isId(id)) return done(notFound(kind))
    const { namespace: { records }, caller } = request
    // Every poll comes this way: no more promises than steps.
    find(records, id).then(found => {
      if (found === undefined) return done(notFound(kind))
      records.rolesOf(caller.user).then(roles => { done(bind(loader, request, found, roles)) }, done)
    }, done)
  }
}

/** Puts a resource on the request; returns an error if the caller may not have it. */
function bind<Key extends ResourceProperty> (
  { kind, property, workspaceOf }: ResourceLoader<Key>,
  request: FastifyRequest,
  found: FastifyRequest[Key],
  roles: ReadonlyMap<number, Role>
): Error | undefined {
  const workspaceId = workspaceOf(found)
  const role = roles.get(workspaceId)
  // A path that names a workspace names it first.
  if (role === undefined || (request.workspace !== undefined && request.workspace.id !== workspaceId)) return notFound(kind)
  if (!roleIsEnough(request, role)) return notAuthorized()
  const bound: Pick<FastifyRequest, Key> = request
  bound[property] = found
  return undefined
}

/** Reads a number in a path; NaN for any other way of writing it than the one in which numbers are handed out. */
export function readNumericId (segment: unknown): number {
  return isNumber(String(segment)) ? Number(segment) : NaN
}

function isNumber (text: string): boolean {
  return /^[1-9]\d{0,14}$/.test(text)
}
