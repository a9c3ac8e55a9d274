import swagger from '@fastify/swagger'
import type { FastifyContextConfig, FastifyInstance } from 'fastify'
import { buildApp } from '../src/app.ts'
import { abilitiesIn } from '../src/http/identity.ts'
import { VERSION } from '../src/package.ts'
import { createFileReceiver } from '../src/actions/receive-file.ts'
import { openUploadedFiles } from '../src/store/uploaded-files.ts'
import { createMemoryStore } from '../src/store/memory-store.ts'
import { createNamespaceRegistry } from '../src/namespaces/registry.ts'
import { addExamples, type OpenApi } from './examples.ts'

/** The OpenAPI document of the product, made from its routes, as it is to stand in `openapi/raydocs.json`. */
export async function generateContract (): Promise<string> {
  return await generate({
    shows: url => !url.startsWith('/_mock'),
    title: 'Raydocs API, as raydocs-mock serves it',
    description: 'A stand-in for the Raydocs document-extraction API, for development and tests.',
    tags: [
      { name: 'Workspaces', description: 'What everything else belongs to.' },
      { name: 'Workspace Users', description: 'Who may do what in a workspace.' },
      { name: 'Extraction Templates', description: 'What to extract.' },
      { name: 'Batch Operations', description: 'Sessions by the dozen: the main job.' },
      { name: 'Extraction Sessions', description: 'A session holds documents and the runs over them.' },
      { name: 'Documents', description: 'Uploaded files, and how far their parsing has come.' },
      { name: 'Results', description: 'What a run has found.' },
      { name: 'Uploads', description: 'Getting files here.' },
      { name: 'Operation', description: 'For those who run this server; not part of the Raydocs API.' }
    ],
    token: 'A personal access token.',
    examples: true
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
    token: 'The control token, where one is set.',
    examples: false
  })
}

interface Wanted {
  readonly shows: (url: string) => boolean
  readonly title: string
  readonly description: string
  readonly tags: Array<{ name: string, description: string }>
  readonly token: string
  /** Whether every body is to have an example. */
  readonly examples: boolean
}

async function generate ({ shows, title, description, tags, token, examples }: Wanted): Promise<string> {
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
          ...describeAccess(schema, config ?? {})
        }
      })
    })
  })
  const document = app.swagger() as unknown as OpenApi
  await app.close()
  dropUnused(document)
  requireBodies(document)
  if (examples) addExamples(document)
  return `${JSON.stringify(document, null, 2)}\n`
}

async function buildBareApp (watch: (app: FastifyInstance) => Promise<void>): Promise<FastifyInstance> {
  const store = createMemoryStore({ seedData: { users: [], workspaces: [], templates: [] } })
  const files = await openUploadedFiles()
  const still = { base: 0, spread: 0 }
  const pace = { queue: still, parse: still, extract: still }
  const app = await buildApp({
    store,
    files,
    namespaces: createNamespaceRegistry({ store, files, seed: '', clock: { mode: 'frozen', at: 0 }, uploadPolicy: 'lenient', pace }),
    receiver: createFileReceiver({ files, maxSize: 0, extractor: null }),
    importPrivate: false,
    publicUrl: null,
    cors: false,
    control: { token: null },
    watch
  })
  await app.ready()
  return app
}

function describeAccess (schema: { description?: string } | undefined, { ability, role }: FastifyContextConfig): { description?: string } {
  const abilities = abilitiesIn(ability).map(one => `\`${one}\``).join(' and ')
  if (abilities === '') return {}
  return { description: [schema?.description, `Needs the ${abilities} ability${role === 'admin' ? ', and an admin of the workspace' : ''}.`].filter(text => text !== undefined).join(' ') }
}

/** No body counts as an empty one: it must be there only where one of its fields must. */
function requireBodies ({ paths }: OpenApi): void {
  for (const { requestBody } of Object.values(paths).flatMap(operations => Object.values(operations))) {
    if (requestBody !== undefined) requestBody.required = Object.values(requestBody.content).some(({ schema }) => schema.required !== undefined)
  }
}

/** Leaves out the shared schemas that only the other document refers to. */
function dropUnused (document: OpenApi): void {
  const schemas: Record<string, unknown> = document.components.schemas
  const unused = Object.keys(schemas).filter(name => !JSON.stringify(document).includes(`"#/components/schemas/${name}"`))
  for (const name of unused) delete schemas[name]
  if (unused.length > 0) dropUnused(document)
}
