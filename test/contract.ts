import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Test } from 'tap'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { isFormat, FORMAT_MESSAGES } from '../src/http/formats.ts'
import { readContract, readControlContract } from '../src/package.ts'

interface Operation {
  readonly responses: { readonly [status: string]: { readonly content?: { readonly [type: string]: unknown } } }
}

interface Contract {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } }
}

const contracts = { product: JSON.parse(readContract()) as Contract, control: JSON.parse(readControlContract()) as Contract }
const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
for (const name of Object.keys(FORMAT_MESSAGES)) ajv.addFormat(name, text => isFormat(name, text))
for (const [name, contract] of Object.entries(contracts)) ajv.addSchema(closed(contract) as Contract, name)
const validators = new Map<string, ValidateFunction>()

/** Fails the test for every reply of the application that is not as its OpenAPI document says, unless that was asked for. */
export function holdToContract (t: Test): (app: FastifyInstance) => void {
  return app => {
    app.addHook('onSend', async (request, reply, payload) => {
      const fault = request.injection !== undefined ? undefined : faultOf(request, reply, payload)
      if (fault !== undefined) t.fail(`${request.method} ${request.url} answers ${reply.statusCode}: ${fault}`)
      return payload
    })
  }
}

function faultOf (request: FastifyRequest, reply: FastifyReply, payload: unknown): string | undefined {
  const status = String(reply.statusCode)
  const type = String(reply.getHeader('content-type') ?? '').split(';', 1)[0] ?? ''
  const path = (request.routeOptions.url ?? '').replaceAll(/(?<!:):(\w+)/g, '{$1}').replaceAll('::', ':')
  const method = request.method === 'HEAD' ? 'get' : request.method.toLowerCase()
  const name = path.startsWith('/_mock') ? 'control' : 'product'
  const operation = contracts[name].paths[path]?.[method]
  if (operation === undefined) {
    // What is no operation is an error, the documentation page, or a preflight.
    if (reply.statusCode < 400) return undefined
    if (request.url.startsWith('/storage/')) return type === 'application/xml' ? undefined : 'the error is not in the form of S3'
    return faultIn(name === 'control' ? 'control#/components/schemas/Problem' : 'product#/components/schemas/Error', payload)
  }
  const response = operation.responses[status]
  // A request by a name that the server is not known by, as the reserved .test is, reaches no operation.
  if (response === undefined) return request.headers.host?.endsWith('.test') === true ? undefined : 'the status is not documented'
  if (payload === null || payload === undefined || payload === '') return response.content === undefined || request.method === 'HEAD' ? undefined : 'there is no body'
  if (response.content?.['*/*'] !== undefined) return undefined
  if (response.content?.[type] === undefined) return `the type ${type} is not documented`
  // What is no JSON has no more shape than its type says.
  if (!/^application\/(.+\+)?json$/.test(type)) return undefined
  return faultIn(`${name}#/paths/${escape(path)}/${method}/responses/${status}/content/${escape(type)}/schema`, payload)
}

/** Returns the errors of a value by the schema at a place of the product's document; undefined for none. */
export function faultAt (place: readonly string[], value: unknown): string | undefined {
  return faultIn(`product#/${place.map(escape).join('/')}`, JSON.stringify(value))
}

function faultIn (uri: string, payload: unknown): string | undefined {
  const validate = validators.get(uri) ?? ajv.compile({ $ref: uri })
  validators.set(uri, validate)
  return validate(JSON.parse(String(payload))) ? undefined : ajv.errorsText(validate.errors)
}

/** Returns a document whose objects accept the fields they declare alone, unless they say otherwise: an undeclared field fails the test. */
function closed (part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed)
  if (typeof part !== 'object' || part === null) return part
  const { type, properties } = part as { type?: unknown, properties?: unknown }
  const ends = type === 'object' && properties !== undefined ? { additionalProperties: false } : {}
  return { ...ends, ...Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)])) }
}

function escape (token: string): string {
  return encodeURIComponent(token.replaceAll('~', '~0').replaceAll('/', '~1'))
}
