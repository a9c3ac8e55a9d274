import swagger from '@fastify/swagger'
import type { FastifyContextConfig, FastifyInstance } from 'fastify'
import { buildApp } from '../src/app.ts'
import { abilitiesIn } from '../src/http/identity.ts'
import { VERSION } from '../src/package.ts'
import { createHosts } from '../src/http/hosts.ts'
import { createFileReceiver } from '../src/actions/receive-file.ts'
import { openUploadedFiles } from '../src/store/uploaded-files.ts'
import { createMemoryStore } from '../src/store/memory-store.ts'
import { createNamespaceRegistry } from '../src/namespaces/registry.ts'
import { addExamples, type OpenApi } from './examples.ts'

/** Generates `openapi/raydocs.json`, the OpenAPI document of the product, from its routes. */
export async function generateContract (): Promise<string> {
  return await generate({
    shows: url => !url.startsWith('/_mock'),
    title: 'Raydocs API, served by raydocs-mock',
    description: 'A stand-in for the Raydocs document-extraction API, for development and tests.',
    tags: [
      { name: 'Workspaces', description: 'Workspaces own all other resources.' },
      { name: 'Workspace Users', description: 'Members, roles and invites of a workspace.' },
      { name: 'Extraction Templates', description: 'Schemas of the values to extract.' },
      { name: 'Batch Operations', description: 'Many sessions in one call: the main use of the API.' },
      { name: 'Extraction Sessions', description: 'Documents and the runs over them.' },
      { name: 'Documents', description: 'Uploaded files and their parsing.' },
      { name: 'Results', description: 'The values that runs extracted.' },
      { name: 'Uploads', description: 'Signed URLs for files.' },
      { name: 'Operation', description: 'Operation of this server; not part of the Raydocs API.' }
    ],
    token: 'A personal access token.',
    examples: true
  })
}

/** Generates `openapi/control.json`, the OpenAPI document of the control API, from its routes. */
export async function generateControlContract (): Promise<string> {
  return await generate({
    shows: url => url.startsWith('/_mock'),
    title: 'raydocs-mock control API',
    description: 'Control interface of the mock, for tests. Not part of the Raydocs API.',
    tags: [
      { name: 'Namespaces', description: 'Isolated sets of all mutable state on one server.' },
      { name: 'Tokens', description: 'API tokens; each belongs to one namespace.' },
      { name: 'Clock', description: 'The time of a namespace.' },
      { name: 'Outcomes', description: 'Scripted endings of parsings and runs.' },
      { name: 'Faults', description: 'Injected failures.' },
      { name: 'State', description: 'Saved, restored and forked namespaces.' },
      { name: 'Journal', description: 'Requests of clients, and the conduct report about them.' }
    ],
    token: 'The control token, if one is configured.',
    examples: false
  })
}

interface DocumentOptions {
  readonly shows: (url: string) => boolean
  readonly title: string
  readonly description: string
  readonly tags: Array<{ name: string, description: string }>
  readonly token: string
  /** Adds an example to every body. */
  readonly examples: boolean
}

async function generate ({ shows, title, description, tags, token, examples }: DocumentOptions): Promise<string> {
  const app = await buildBareApp(async app => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title, version: VERSION, description, license: { name: 'MIT', identifier: 'MIT' } },
        servers: [{ url: '/', description: 'The server that serves this document.' }],
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
  const instant = { base: 0, spread: 0 }
  const pace = { queue: instant, parse: instant, extract: instant }
  const app = await buildApp({
    store,
    files,
    namespaces: createNamespaceRegistry({ store, files, seed: '', clock: { mode: 'frozen', at: 0 }, uploadPolicy: 'lenient', pace }),
    receiver: createFileReceiver({ files, maxSize: 0, extractor: null }),
    abilities: 'strict',
    importPrivate: false,
    publicUrl: null,
    hosts: createHosts({ onLoopback: true, publicUrl: null, allowedHosts: [], cors: [] }),
    control: { token: null },
    watch
  })
  await app.ready()
  return app
}

function describeAccess (schema: { description?: string } | undefined, { ability, role }: FastifyContextConfig): { description?: string } {
  const abilities = abilitiesIn(ability).map(one => `\`${one}\``).join(' and ')
  if (abilities === '') return {}
  const noun = abilities.includes(' and ') ? 'abilities' : 'ability'
  const access = `Requires the ${abilities} ${noun}${role === 'admin' ? ' and the role `admin`' : ''}.`
  return { description: [schema?.description, access].filter(text => text !== undefined).join(' ') }
}

/** Marks a body as required only if one of its fields is, because a missing body is treated as an empty one. */
function requireBodies ({ paths }: OpenApi): void {
  for (const { requestBody } of Object.values(paths).flatMap(operations => Object.values(operations))) {
    if (requestBody === undefined) continue
    requestBody.required = Object.values(requestBody.content).some(({ schema }) => schema.required !== undefined)
  }
}

/** Removes the shared schemas that only the other document refers to. */
function dropUnused (document: OpenApi): void {
  const schemas: Record<string, unknown> = document.components.schemas
  const unused = Object.keys(schemas).filter(name => !JSON.stringify(document).includes(`"#/components/schemas/${name}"`))
  for (const name of unused) delete schemas[name]
  if (unused.length > 0) dropUnused(document)
}
