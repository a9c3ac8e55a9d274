/** The parts of a generated OpenAPI document that pages show. */
export interface Contract {
  readonly tags: ReadonlyArray<{ readonly name: string, readonly description: string }>
  readonly paths: { readonly [path: string]: { readonly [method: string]: OperationObject } }
  readonly components: { readonly schemas: { readonly [name: string]: SchemaObject } }
}

export interface OperationObject {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly parameters?: readonly ParameterObject[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: { readonly [status: string]: ResponseObject }
}

interface Content {
  readonly [type: string]: { readonly schema: SchemaObject }
}

export interface ParameterObject {
  readonly in: string
  readonly name: string
  readonly required?: boolean
  readonly description?: string
  readonly schema: SchemaObject
}

export interface ResponseObject {
  readonly description: string
  readonly content?: Content
}

export interface SchemaObject {
  readonly $ref?: string
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly items?: SchemaObject
  readonly anyOf?: readonly SchemaObject[]
  readonly properties?: { readonly [name: string]: SchemaObject }
  readonly additionalProperties?: SchemaObject | boolean
  readonly required?: readonly string[]
}

/** One operation with its method and path. */
export interface ListedOperation {
  readonly method: string
  readonly path: string
  readonly operation: OperationObject
}

/** Returns the operations with this tag, in the order of the document. */
export function operationsOf ({ paths }: Contract, tag: string): ListedOperation[] {
  return Object.entries(paths)
    .flatMap(([path, operations]) => {
      return Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation }))
    })
    .filter(({ operation }) => operation.tags.includes(tag))
}

/** Describes a schema in one line: `{ files, settings?: { auto_extract? } }`, `[Document]`; empty for a plain value. */
export function shapeOf ({ $ref, items, properties, required = [] }: SchemaObject): string {
  if ($ref !== undefined) return nameOf($ref)
  if (items !== undefined) return `[${shapeOf(items)}]`
  if (properties === undefined) return ''
  const fields = Object.entries(properties).map(([name, field]) => {
    const shape = shapeOf(field)
    return `${name}${required.includes(name) ? '' : '?'}${shape === '' || shape === '[]' ? '' : `: ${shape}`}`
  })
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}

/** Describes the type of a field in words. */
export function typeOf ({ $ref, type, enum: values, items, anyOf, format }: SchemaObject): string {
  if ($ref !== undefined) return `[${nameOf($ref)}](#${nameOf($ref).toLowerCase()})`
  if (values !== undefined) return values.map(one => `\`${String(one)}\``).join(', ')
  if (items !== undefined) return `list of ${typeOf(items)}`
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(' or ')
  return type === 'string' && format === 'date-time' ? 'date-time' : type ?? 'any'
}

/** Returns a row for each field, with dotted names for nested ones: name, type, whether it is required, meaning. */
export function fieldsOf (schema: SchemaObject, prefix = ''): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`
    const row = [`\`${path}\``, typeOf(field), schema.required?.includes(name) === true ? 'yes' : 'no', field.description ?? '']
    const { additionalProperties: entries } = field
    if (typeof entries === 'object' && entries.properties !== undefined) return [row, ...fieldsOf(entries, `${path}.*.`)]
    return [row, ...fieldsOf(field.items ?? field, `${path}.`)]
  })
}

/** Returns the schema of a JSON body; undefined for another type, or without a body. */
export function jsonIn (body: { readonly content?: Content } | undefined): SchemaObject | undefined {
  return body?.content?.['application/json']?.schema
}

function nameOf (reference: string): string {
  return reference.replace('#/components/schemas/', '')
}
