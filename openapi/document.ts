import swagger from '@fastify/swagger'
import { buildApp } from '../src/app.ts'
import { createTokens } from '../src/http/identity.ts'
import { VERSION } from '../src/package.ts'
import { createBlobs } from '../src/store/blobs.ts'
import { createMemoryStore } from '../src/store/memory.ts'
import { createWorld } from '../src/world.ts'

/** The OpenAPI document of the product, made from its routes, as it is to stand in `openapi/raydocs.json`. */
export async function generateContract (): Promise<string> {
  const store = createMemoryStore([])
  const still = { base: 0, spread: 0 }
  const app = await buildApp({
    world: createWorld({ seed: '', clock: { mode: 'frozen', at: 0 }, uploads: 'lenient', pace: { queue: still, parse: still, extract: still }, store, blobs: createBlobs() }),
    store,
    tokens: createTokens([]),
    maxUploadSize: 0,
    publicUrl: null,
    cors: false,
    async watch (app) {
      await app.register(swagger, {
        openapi: {
          openapi: '3.1.0',
          info: {
            title: 'Raydocs API, as raydocs-mock serves it',
            version: VERSION,
            description: 'A stand-in for the Raydocs document-extraction API, for development and tests.',
            license: { name: 'MIT', identifier: 'MIT' }
          },
          servers: [{ url: '/', description: 'The server that this document comes from.' }],
          tags: [
            { name: 'Batch Operations', description: 'Sessions by the dozen: the main job.' },
            { name: 'Extraction Sessions', description: 'A session holds documents and the runs over them.' },
            { name: 'Documents', description: 'Uploaded files, and how far their parsing has come.' },
            { name: 'Results', description: 'What a run has found.' },
            { name: 'Uploads', description: 'Getting files here.' },
            { name: 'Operation', description: 'For those who run this server; not part of the Raydocs API.' }
          ],
          components: {
            securitySchemes: { bearerAuth: { type: 'http', scheme: 'bearer', description: 'A personal access token.' } }
          }
        },
        refResolver: { buildLocalReference: ({ $id }) => String($id) },
        transform: ({ schema, url, route: { config } }) => ({
          url,
          schema: { ...schema, security: config?.public === true ? [] : [{ bearerAuth: [] }], ...describeAccess(schema, config?.ability) }
        })
      })
    }
  })
  await app.ready()
  const document = app.swagger()
  await app.close()
  return `${JSON.stringify(document, null, 2)}\n`
}

function describeAccess (schema: { description?: string } | undefined, ability: string | null | undefined): { description?: string } {
  if (typeof ability !== 'string') return {}
  return { description: [schema?.description, `Needs the \`${ability}\` ability.`].filter(text => text !== undefined).join(' ') }
}
