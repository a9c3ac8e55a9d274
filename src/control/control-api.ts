import { STATUS_CODES } from 'node:http'
import bearerAuth from '@fastify/bearer-auth'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from './control.ts'
import type { Hosts } from '../http/hosts.ts'
import { HttpError, logUnexpected, renderError } from '../http/errors.ts'
import { acceptJson } from '../http/json-parser.ts'
import { readControlContract } from '../package.ts'
import { manualCompletionRoutes } from './routes/manual-completion.ts'
import { clockRoutes } from './routes/clock.ts'
import { conductRoutes } from './routes/conduct.ts'
import { eventRoutes } from './routes/events.ts'
import { faultRoutes } from './routes/faults.ts'
import { inviteRoutes } from './routes/invites.ts'
import { namespaceRoutes } from './routes/namespaces.ts'
import { outcomeRoutes } from './routes/outcomes.ts'
import { rateLimitRoutes } from './routes/rate-limit.ts'
import { journalRoutes } from './routes/journal.ts'
import { stateRoutes } from './routes/state.ts'
import { ProblemBody } from './schema.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** False for routes that no page of another origin may call. */
    cors?: false
  }
}

export interface ControlApiOptions {
  readonly control: Control
  readonly hosts: Hosts
  /** The token that callers must present; null if none is needed. */
  readonly token: string | null
}

/** The control API: a scope of its own with its own token, its own errors (RFC 9457) and its own OpenAPI document. */
export const controlApi: FastifyPluginAsyncTypebox<ControlApiOptions> = async (app, { control, hosts, token }) => {
  app.setErrorHandler((error, request, reply) => {
    const { status, headers, body: { message: detail, errors } } = renderError(error)
    logUnexpected(error, status, request)
    const problem = { type: 'about:blank', title: STATUS_CODES[status], status, detail, ...errors === undefined ? {} : { errors } }
    return reply.code(status).headers(headers).type('application/problem+json; charset=utf-8').send(problem)
  })
  app.addSchema(ProblemBody)
  // Fixtures and the bodies of faults are literal.
  acceptJson(app, value => value)

  // No page of another origin reads or sends anything here, preflights included.
  app.addHook('onRoute', route => { route.config = { ...route.config, cors: false } })
  app.options('/_mock/*', { schema: { hide: true } }, (_request, reply) => { reply.callNotFound() })

  if (token === null) {
    app.addHook('onRequest', (request, _reply, done) => {
      if (!hosts.isForeign(request)) return done()
      done(new HttpError(403, 'Web pages of other origins cannot use the control API: call it without a browser, or set a control token.'))
    })
  } else {
    await app.register(bearerAuth, { addHook: false, keys: new Set([token]), specCompliance: 'rfc6749', verifyErrorLogLevel: 'debug' })
    app.addHook('onRequest', app.verifyBearerAuth as NonNullable<typeof app.verifyBearerAuth>)
  }

  app.get('/_mock/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    return await reply.type('application/json; charset=utf-8').send(readControlContract())
  })
  await app.register(namespaceRoutes, { control })
  await app.register(clockRoutes, { control })
  await app.register(outcomeRoutes, { control })
  await app.register(manualCompletionRoutes, { control })
  await app.register(inviteRoutes, { control })
  await app.register(faultRoutes, { control })
  await app.register(rateLimitRoutes, { control })
  await app.register(journalRoutes, { control })
  await app.register(eventRoutes, { control })
  await app.register(conductRoutes, { control })
  await app.register(stateRoutes, { control })
}
