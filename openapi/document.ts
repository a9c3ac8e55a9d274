import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../src/app.ts'
import { createTokens } from '../src/http/tokens.ts'
import { VERSION } from '../src/package.ts'
import { createBlobs } from '../src/store/blobs.ts'
import { createMemoryStore } from '../src/store/memory.ts'
import { createWorld } from '../src/world.ts'

/** The OpenAPI document of the product, made from its routes, as it is to stand in `openapi/raydocs.json`. */
export async function generateContract (): Promise<string> {
  return await generate({
    shows: url => !url.startsWith('/_mock'),
    title: 'Raydocs API, as raydocs-mock serves it',
    description: 'A stand-in for the Raydocs document-extraction API, for development and tests.',
    tags: [
      { name: 'Batch Operations', description: 'Sessions by the dozen: the main job.' },
      { name: 'Extraction Sessions', description: 'A session holds documents and the runs over them.' },
      { name: 'Documents', description: 'Uploaded files, and how far their parsing has come.' },
      { name: 'Results', description: 'What a run has found.' },
      { name: 'Uploads', description: 'Getting files here.' },
      { name: 'Operation', description: 'For those who run this server; not part of the Raydocs API.' }
    ],
    token: 'A personal access token.'
  })
}

/** The OpenAPI document of the control API, as it is to stand in `openapi/control.json`. */
export async function generateControlContract (): Promise<string> {
  return await generate({
    shows: url => url.startsWith('/_mock'),
    title: 'raydocs-mock control API',
    description: 'Command of the mock, for tests: time, namespaces, tokens. Not part of the Raydocs API.',
    tags: [
      { name: 'Namespaces', description: 'Worlds of their own on one server.' },
      { name: 'Tokens', description: 'What opens a namespace.' },
      { name: 'Clock', description: 'The time of a namespace.' },
      { name: 'Outcomes', description: 'What happens to files.' },
      { name: 'Faults', description: 'What goes wrong on the way.' },
      { name: 'State', description: 'Namespaces, saved and copied.' },
      { name: 'Journal', description: 'What clients have sent, and what has become of it.' }
    ],
    token: 'The control token, where one is set.'
  })
}

interface Wanted {
  readonly shows: (url: string) => boolean
  readonly title: string
  readonly description: string
  readonly tags: Array<{ name: string, description: string }>
  readonly token: string
}

async function generate ({ shows, title, description, tags, token }: Wanted): Promise<string> {
  const app = await buildBareApp(async app => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title, version: VERSION, description, license: { name: 'MIT', identifier: 'MIT' } },
        servers: [{ url: '/', description: 'The server that this document comes from.' }],
        tags,
        components: { securitySchemes: { bearerAuth: { type: 'http', scheme: 'bearer', description: token } } }
      },
      refResolver: { buildLocalReference: ({ $id }) => String($id) },
      transform: ({ schema, url, route: { config } }) => ({
        url,
        schema: {
          ...schema,
          hide: schema?.hide === true || !shows(url),
          security: config?.public === true || config?.admit !== undefined ? [] : [{ bearerAuth: [] }],
          ...describeAccess(schema, config?.ability)
        }
      })
    })
  })
  const document = app.swagger() as { components: { schemas: Record<string, unknown> } }
  await app.close()
  dropUnused(document)
  return `${JSON.stringify(document, null, 2)}\n`
}

async function buildBareApp (watch: (app: FastifyInstance) => Promise<void>): Promise<FastifyInstance> {
  const store = createMemoryStore([])
  const still = { base: 0, spread: 0 }
  const app = await buildApp({
    world: createWorld({ seed: '', clock: { mode: 'frozen', at: 0 }, uploads: 'lenient', pace: { queue: still, parse: still, extract: still }, store, blobs: createBlobs() }),
    store,
    tokens: createTokens([]),
    maxUploadSize: 0,
    publicUrl: null,
    cors: false,
    control: { token: null },
    watch
  })
  await app.ready()
  return app
}

function describeAccess (schema: { description?: string } | undefined, ability: string | null | undefined): { description?: string } {
  if (typeof ability !== 'string') return {}
  return { description: [schema?.description, `Needs the \`${ability}\` ability.`].filter(text => text !== undefined).join(' ') }
}

/** Leaves out the shared schemas that only the other document refers to. */
function dropUnused (document: { components: { schemas: Record<string, unknown> } }): void {
  const { schemas } = document.components
  const unused = Object.keys(schemas).filter(name => !JSON.stringify(document).includes(`"#/components/schemas/${name}"`))
  for (const name of unused) delete schemas[name]
  if (unused.length > 0) dropUnused(document)
}
