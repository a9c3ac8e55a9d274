/** The part of JSON Schema that examples are generated from. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly examples?: readonly unknown[]
}

interface Media {
  readonly schema: Schema
  example?: unknown
  examples?: { readonly [name: string]: { readonly $ref: string } }
}

interface Content {
  readonly content: { readonly [type: string]: Media }
}

interface Operation {
  readonly requestBody?: Content & { required?: boolean }
  readonly responses: { readonly [status: string]: Partial<Content> }
}

export interface OpenApi {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } }
  readonly components: {
    readonly schemas: { readonly [name: string]: Schema }
    examples?: { readonly [name: string]: { readonly value: unknown } }
  }
}

/**
 * Adds to every JSON request body and 2xx response an example, composed of the examples of its fields. The example of a
 * component is shared.
 */
export function addExamples (document: OpenApi): void {
  const { components: { schemas } } = document
  const shared: Record<string, { value: unknown }> = {}
  for (const { requestBody, responses } of Object.values(document.paths).flatMap(operations => Object.values(operations))) {
    const successes = Object.entries(responses).filter(([status]) => status.startsWith('2')).map(([, response]) => response)
    for (const media of [requestBody, ...successes].flatMap(body => body?.content?.['application/json'] ?? [])) {
      const value = exampleOf(media.schema, schemas)
      const name = componentOf(media.schema)
      if (value === undefined) continue
      if (name === undefined) media.example = value
      else {
        shared[name] = { value }
        media.examples = { [name]: { $ref: `#/components/examples/${name}` } }
      }
    }
  }
  document.components.examples = shared
}

/** Returns the name of the component that a schema refers to; undefined if it refers to none. */
export function componentOf ({ $ref }: Schema): string | undefined {
  return $ref?.replace('#/components/schemas/', '')
}

/** Composes an example of a schema, with only those optional fields that have an example; undefined if a required field has none. */
export function exampleOf (schema: Schema, components: OpenApi['components']['schemas']): unknown {
  const [written = schema.default ?? schema.const ?? schema.enum?.[0]] = schema.examples ?? []
  const { anyOf: [variant] = [], items, properties, required = [] } = schema
  const name = componentOf(schema)
  if (written !== undefined) return written
  if (name !== undefined) return exampleOf(components[name] ?? {}, components)
  if (variant !== undefined) return exampleOf(variant, components)
  if (items !== undefined) {
    const item = exampleOf(items, components)
    return item === undefined ? undefined : [item]
  }
  if (properties === undefined) return undefined
  const fields = Object.entries(properties).map(([name, field]) => [name, exampleOf(field, components)] as const)
  const known = Object.fromEntries(fields.filter(([, value]) => value !== undefined))
  return required.every(name => name in known) ? known : undefined
}
