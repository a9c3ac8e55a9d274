import type { ExtractionSchema, Field, FieldOrReference, Reference } from './schema.ts'
import { MAX_DEPTH, MAX_FIELDS, TOO_DEEP, TOO_MANY } from './schema-shape.ts'

type Issues = Array<readonly [path: string, fault: string]>

/** Where a field lies, and what is there. */
interface FieldPlace {
  readonly path: string
  readonly field: FieldOrReference
}

/** The field itself, or what it refers to, with the prompts that stand beside the reference. */
export function resolved (schema: ExtractionSchema, field: FieldOrReference): Field {
  if (!isReference(field)) return field
  const { $ref, extraction_prompt: prompt, description } = field
  const definition = resolved(schema, definitionOf(schema, $ref) as FieldOrReference)
  return { ...definition, ...prompt === undefined ? {} : { extraction_prompt: prompt }, ...description === undefined ? {} : { description } }
}

/** The group and the field that an `iterates_on` names; undefined if there are none. */
export function targetOf (schema: ExtractionSchema, iteratesOn: string): { readonly group: string, readonly field: string } | undefined {
  // Names may have dots in them.
  const targets = Object.entries(schema.groups).map(([group, { fields }]) => ({ group, field: iteratesOn.slice(group.length + 1), fields }))
  return targets.find(({ group, field, fields }) => iteratesOn.startsWith(`${group}.`) && Object.hasOwn(fields, field))
}

/**
 * What is wrong with what a schema of the right shape refers to, by `$ref` and `iterates_on`. References that lead nowhere come
 * first, since nothing else can be told with them.
 */
export function linkIssues (schema: ExtractionSchema): Issues {
  for (const look of [danglingReferences, circularDefinitions]) {
    const faults = look(schema)
    if (faults.length > 0) return faults
  }
  return [...excessesOf(schema), ...iterationIssues(schema)]
}

function danglingReferences (schema: ExtractionSchema): Issues {
  const { definitions = {} } = schema
  return [...fieldsOf('definitions', definitions), ...groupFieldsOf(schema)].flatMap(referencesIn).flatMap(({ path, field: { $ref } }) => {
    return definitionOf(schema, $ref) === undefined ? [[`${path}.$ref`, `must be ${DEFINITION} and the name of a definition.`]] : []
  })
}

function circularDefinitions ({ definitions = {} }: ExtractionSchema): Issues {
  const targets = new Map(Object.entries(definitions).map(([name, field]) => [name, referencesIn({ path: '', field }).map(({ field }) => field.$ref.slice(DEFINITION.length))]))
  return circular(targets).map(name => [`definitions.${name}`, 'must not contain itself.'])
}

/** Definitions multiply what they contain: two in one, two of that in the next, and so on. */
function excessesOf (schema: ExtractionSchema): Issues {
  const { definitions = {} } = schema
  const known = new Map<FieldOrReference | undefined, Size>()
  const measured = (field: FieldOrReference): Size => {
    if (isReference(field)) {
      const definition = definitions[field.$ref.slice(DEFINITION.length)]
      const size = known.get(definition) ?? measured(definition as FieldOrReference)
      known.set(definition, size)
      return size
    }
    const sizes = partsOf('', field).map(({ field }) => measured(field))
    return { count: sizes.reduce((sum, { count }) => sum + count, 1), depth: Math.max(0, ...sizes.map(({ depth }) => depth)) + 1 }
  }
  const fields = groupFieldsOf(schema).map(({ path, field }) => ({ path, ...measured(field) }))
  if (fields.reduce((sum, { count }) => sum + count, 0) > MAX_FIELDS) return [['groups', TOO_MANY]]
  return fields.filter(({ depth }) => depth > MAX_DEPTH).map(({ path }) => [path, TOO_DEEP])
}

interface Size { readonly count: number, readonly depth: number }

function iterationIssues (schema: ExtractionSchema): Issues {
  const iterations = Object.entries(schema.groups).flatMap(([name, { config }]) => {
    const path = config?.iterates_on
    return path === undefined ? [] : [{ name, target: targetOf(schema, path) }]
  })
  const targets = new Map(iterations.map(({ name, target }) => [name, target === undefined ? [] : [target.group]]))
  const circle = new Set(circular(targets))
  return iterations.flatMap(({ name, target }) => {
    const field = target && schema.groups[target.group]?.fields[target.field]
    if (field === undefined || resolved(schema, field).type !== 'array') return [[`groups.${name}.config.iterates_on`, 'must be the group.field of an array.']]
    return circle.has(name) ? [[`groups.${name}.config.iterates_on`, 'must not depend on the group itself.']] : []
  })
}

/** Which of the keys lead back to themselves. */
function circular (targets: ReadonlyMap<string, readonly string[]>): string[] {
  return [...targets.keys()].filter(start => {
    // The set grows while it is gone through.
    const reached = new Set(targets.get(start))
    for (const key of reached) targets.get(key)?.forEach(target => reached.add(target))
    return reached.has(start)
  })
}

const DEFINITION = '#/definitions/'

function definitionOf ({ definitions = {} }: ExtractionSchema, $ref: string): FieldOrReference | undefined {
  const name = $ref.slice(DEFINITION.length)
  return $ref.startsWith(DEFINITION) && Object.hasOwn(definitions, name) ? definitions[name] : undefined
}

function isReference (field: FieldOrReference): field is Reference {
  return '$ref' in field && field.$ref !== undefined
}

function groupFieldsOf ({ groups }: ExtractionSchema): FieldPlace[] {
  return Object.entries(groups).flatMap(([name, { fields }]) => fieldsOf(`groups.${name}.fields`, fields))
}

function fieldsOf (path: string, fields: { readonly [name: string]: FieldOrReference }): FieldPlace[] {
  return Object.entries(fields).map(([name, field]) => ({ path: `${path}.${name}`, field }))
}

/** The fields directly inside of one. */
function partsOf (path: string, { items, properties = {} }: Field): FieldPlace[] {
  return [...items === undefined ? [] : [{ path: `${path}.items`, field: items }], ...fieldsOf(`${path}.properties`, properties)]
}

function referencesIn ({ path, field }: FieldPlace): Array<{ readonly path: string, readonly field: Reference }> {
  return isReference(field) ? [{ path, field }] : partsOf(path, field).flatMap(referencesIn)
}
