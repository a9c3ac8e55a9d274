import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import cors from '@fastify/cors'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { AbilityPolicy } from './domain/workspaces/abilities.ts'
import type { Store } from './store/store.ts'
import type { NamespaceRegistry } from './namespaces/registry.ts'
import { loadResources } from './http/load-resources.ts'
import { ErrorBody, sendError } from './http/errors.ts'
import { acceptJson } from './http/json-parser.ts'
import { answerClientError } from './http/client-errors.ts'
import { answerExpectations, assertWellFramed } from './http/framing.ts'
import type { Hosts } from './http/hosts.ts'
import { endConnectionsOnClose, signalOnClose } from './http/closing.ts'
import { endStalledReplies } from './http/stalled-replies.ts'
import { prefixOf, withoutPrefix } from './http/url.ts'
import { RequestLog, requestIdOf, stamp } from './http/request-log.ts'
import { createControl, type LocalControl } from './control/control.ts'
import { controlApi } from './control/control-api.ts'
import { identity, namespaceOfRejected } from './http/identity.ts'
import { notFoundHandler } from './http/not-found.ts'
import { readLikeLaravel } from './http/sent-values.ts'
import { createRouteTable, ROUTER_OPTIONS } from './http/route-table.ts'
import { validatorCompiler } from './http/validation.ts'
import type { FileReceiver } from './actions/receive-file.ts'
import type { UploadedFiles } from './store/uploaded-files.ts'
import { createExtractor } from './actions/extract-values.ts'
import { batchExportRoutes } from './routes/batch-export.ts'
import { batchRoutes, CreatedSessionBody } from './routes/batch.ts'
import { docsRoutes } from './routes/docs.ts'
import { ChunkBody, documentRoutes } from './routes/documents.ts'
import { healthRoutes } from './routes/health.ts'
import { inviteRoutes } from './routes/invites.ts'
import { resultRoutes } from './routes/results.ts'
import { sessionDocumentRoutes } from './routes/session-documents.ts'
import { sessionUploadRoutes } from './routes/session-uploads.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { storageRoutes } from './routes/storage.ts'
import { templateRoutes } from './routes/templates.ts'
import { uploadRoutes } from './routes/uploads.ts'
import { workspaceDocumentRoutes } from './routes/workspace-documents.ts'
import { workspaceUserRoutes } from './routes/workspace-users.ts'
import { workspaceRoutes } from './routes/workspaces.ts'
import { journalRejected, traffic } from './traffic/traffic.ts'
import { DocumentRefBody } from './resources/document-ref.ts'
import { DocumentBody, ParsingBody } from './resources/document.ts'
import { ResultBody } from './resources/result.ts'
import { SessionBody } from './resources/session.ts'
import { TemplateBody } from './resources/template.ts'
import { InviteBody, UserBody, WorkspaceBody } from './resources/workspace.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The control interface, whether or not the control API is on. */
    control: LocalControl
  }
}

export interface AppOptions {
  readonly store: Store
  readonly files: UploadedFiles
  readonly namespaces: NamespaceRegistry
  readonly receiver: FileReceiver
  readonly abilities: AbilityPolicy
  /** True if files may be fetched from addresses that are not public. */
  readonly importPrivate: boolean
  /** The beginning of upload and document URLs; null for the host that the client called. */
  readonly publicUrl: string | null
  /** The names of the server, and the pages that may call. */
  readonly hosts: Hosts
  /** The proxies whose X-Forwarded headers are believed, in the form of Fastify's `trustProxy`. */
  readonly trustProxy?: boolean | string[]
  /** A token that the documentation page names. */
  readonly demoToken?: string | undefined
  /** Undefined for no log. */
  readonly logger?: FastifyBaseLogger | undefined
  readonly timeouts?: Partial<Timeouts>
  /** The guard of the control API; null if it is off. */
  readonly control: { readonly token: string | null } | null
  /** Called before anything is registered, for tools that watch routes and replies. */
  readonly watch?: (app: FastifyInstance) => Promise<void> | void
}

/** Times in milliseconds. */
export interface Timeouts {
  /** The longest time for the headers of a request to arrive. */
  readonly headers: number
  /** The longest time for a whole request to arrive. */
  readonly request: number
  /** The longest time for a client to accept no byte of its reply. */
  readonly send: number
}

export const TIMEOUTS: Timeouts = { headers: 10_000, request: 120_000, send: 30_000 }

/** The schemas that responses refer to by name. */
const SHARED_SCHEMAS = [
  ErrorBody, WorkspaceBody, UserBody, InviteBody, TemplateBody, CreatedSessionBody, SessionBody, DocumentBody, ParsingBody,
  ResultBody, DocumentRefBody, ChunkBody
]

/** The headers of replies that pages can read, beside those that every page can. */
const EXPOSED_HEADERS = [
  'Accept-Ranges', 'Content-Disposition', 'Content-Range', 'ETag', 'Preference-Applied', 'Retry-After', 'X-RateLimit-Limit',
  'X-RateLimit-Remaining', 'X-RateLimit-Reset', 'X-Raydocs-Mock', 'X-Request-Id'
]

const MAX_JSON_BODY = 1024 * 1024
const MAX_HEADERS = 16 * 1024

/** Builds the application. It never listens and never reads the environment; the caller closes what it passed in. */
export async function buildApp (options: AppOptions): Promise<FastifyInstance> {
  const { namespaces, store, files, receiver, publicUrl, hosts, logger } = options
  const timeouts = { ...TIMEOUTS, ...options.timeouts }
  const prefix = prefixOf(publicUrl)
  const app = Fastify({
    ...logger === undefined ? {} : { loggerInstance: logger },
    logController: new RequestLog(),
    // Each log line names its request; a logger for each request would cost as much as the line.
    childLoggerFactory: parent => parent,
    genReqId: requestIdOf,
    trustProxy: options.trustProxy ?? false,
    rewriteUrl: ({ url = '/' }) => withoutPrefix(url, prefix),
    bodyLimit: MAX_JSON_BODY,
    routerOptions: ROUTER_OPTIONS,
    requestTimeout: timeouts.request,
    http: {
      requireHostHeader: false,
      headersTimeout: timeouts.headers,
      maxHeaderSize: MAX_HEADERS,
      connectionsCheckingInterval: Math.min(1_000, timeouts.headers)
    },
    clientErrorHandler: answerClientError,
    frameworkErrors (error, request, reply) {
      stamp(request, reply)
      sendError(error, request, reply)
    },
    // The framework's own compilers are not loaded. The return values of handlers are sent as they are: the response schemas
    // are types and documentation, and tests hold replies to them.
    schemaController: {
      compilersFactory: { buildValidator: () => validatorCompiler as never, buildSerializer: () => () => JSON.stringify }
    }
  }).withTypeProvider<TypeBoxTypeProvider>()

  await options.watch?.(app)
  acceptJson(app, readLikeLaravel)
  endConnectionsOnClose(app)
  answerExpectations(app)
  await app.register(endStalledReplies, { timeout: timeouts.send })
  app.setErrorHandler(sendError)
  app.addHook('onRequest', (request, reply, done) => {
    stamp(request, reply)
    assertWellFramed(request.raw)
    if (request.headers.host !== undefined) hosts.assertKnown(request.host)
    done()
  })
  await app.register(cors, {
    origin (origin, decide) { decide(null, origin !== undefined && hosts.mayCall(origin)) },
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED_HEADERS,
    strictPreflight: false
  })
  const routeTable = createRouteTable(app)
  await app.register(notFoundHandler, { routeTable })
  const gate = { tokens: store.tokens, namespaces, headerControl: options.control !== null, abilities: options.abilities }
  await app.register(journalRejected, { namespaceOfRejected: namespaceOfRejected(gate) })
  const extractor = createExtractor(receiver)

  for (const schema of SHARED_SCHEMAS) app.addSchema(schema)
  // In their own scope: a request that matches no route is answered 404 without a token.
  await app.register(async product => {
    await product.register(identity, gate)
    await product.register(traffic, { preferences: gate.headerControl })
    await product.register(loadResources)
    await product.register(healthRoutes, { store })
    await product.register(docsRoutes, { publicUrl, demoToken: options.demoToken, hasControl: options.control !== null })
    await product.register(workspaceRoutes)
    await product.register(workspaceUserRoutes)
    await product.register(inviteRoutes)
    await product.register(templateRoutes)
    await product.register(batchRoutes)
    await product.register(batchExportRoutes, { extractor })
    await product.register(sessionRoutes, { extractor })
    await product.register(sessionDocumentRoutes)
    await product.register(sessionUploadRoutes, { receiver })
    await product.register(documentRoutes, { extractor, publicUrl })
    await product.register(workspaceDocumentRoutes, { receiver, publicUrl, importPrivate: options.importPrivate })
    await product.register(resultRoutes, { extractor })
    await product.register(uploadRoutes, { publicUrl })
    await product.register(storageRoutes, { namespaces, files, receiver })
  })
  const control = createControl({ namespaces, tokens: store.tokens, routeTable, closing: signalOnClose(app) })
  app.decorate('control', control)
  if (options.control !== null) await app.register(controlApi, { control, hosts, token: options.control.token })
  return app
}
