import type { Issue } from './issue.ts'
import type { ExtractionSchema, Field, FieldOrReference, Reference } from './schema.ts'
import { known } from '../known.ts'
import { MAX_DEPTH, MAX_FIELDS, TOO_DEEP, TOO_MANY } from './schema-shape.ts'

/** A field and its dotted path in the schema. */
interface LocatedField {
  readonly path: string
  readonly field: FieldOrReference
}

/** Returns the field itself, or the definition that it refers to with the prompts beside the reference. */
export function resolved (schema: ExtractionSchema, field: FieldOrReference): Field {
  if (!isReference(field)) return field
  const { $ref, extraction_prompt: prompt, description } = field
  return {
    ...resolved(schema, known(definitionOf(schema, $ref), 'an accepted schema has no dangling references')),
    ...prompt === undefined ? {} : { extraction_prompt: prompt },
    ...description === undefined ? {} : { description }
  }
}

/** Returns the group and the field that an `iterates_on` names; undefined if there are none. */
export function targetOf (schema: ExtractionSchema, iteratesOn: string): { readonly group: string, readonly field: string } | undefined {
  // Names may contain dots.
  const targets = Object.entries(schema.groups).map(([group, { fields }]) => ({ group, field: iteratesOn.slice(group.length + 1), fields }))
  return targets.find(({ group, field, fields }) => iteratesOn.startsWith(`${group}.`) && Object.hasOwn(fields, field))
}

/**
 * Returns the issues of `$ref` and `iterates_on` in a schema of the right shape. Dangling and circular references come alone:
 * the other checks need references that can be resolved.
 */
export function linkIssues (schema: ExtractionSchema): Issue[] {
  for (const check of [danglingReferences, circularDefinitions]) {
    const issues = check(schema)
    if (issues.length > 0) return issues
  }
  return [...sizeIssues(schema), ...iterationIssues(schema)]
}

function danglingReferences (schema: ExtractionSchema): Issue[] {
  const { definitions = {} } = schema
  const references = [...locate('definitions', definitions), ...groupFieldsOf(schema)].flatMap(referencesIn)
  return references.filter(({ field: { $ref } }) => definitionOf(schema, $ref) === undefined)
    .map(({ path }) => [`${path}.$ref`, `must be ${DEFINITION} and the name of a definition.`])
}

function circularDefinitions ({ definitions = {} }: ExtractionSchema): Issue[] {
  const targets = Object.entries(definitions).map(([name, field]): [string, string[]] => {
    return [name, referencesIn({ path: '', field }).map(({ field }) => nameIn(field.$ref))]
  })
  return namesInCycles(new Map(targets)).map(name => [`definitions.${name}`, 'must not contain itself.'])
}

interface Size {
  readonly count: number
  readonly depth: number
}

/** A small schema can be large with its references resolved: each definition may contain the one before it twice. */
function sizeIssues (schema: ExtractionSchema): Issue[] {
  const sizes = new Map<FieldOrReference, Size>()
  const sizeOf = (field: FieldOrReference): Size => {
    if (isReference(field)) {
      const definition = known(definitionOf(schema, field.$ref), 'there are no dangling references')
      const size = sizes.get(definition) ?? sizeOf(definition)
      sizes.set(definition, size)
      return size
    }
    const parts = partsOf('', field).map(({ field }) => sizeOf(field))
    return { count: parts.reduce((sum, { count }) => sum + count, 1), depth: Math.max(0, ...parts.map(({ depth }) => depth)) + 1 }
  }
  const fields = groupFieldsOf(schema).map(({ path, field }) => ({ path, ...sizeOf(field) }))
  if (fields.reduce((sum, { count }) => sum + count, 0) > MAX_FIELDS) return [['groups', TOO_MANY]]
  return fields.filter(({ depth }) => depth > MAX_DEPTH).map(({ path }) => [path, TOO_DEEP])
}

function iterationIssues (schema: ExtractionSchema): Issue[] {
  const iterations = Object.entries(schema.groups).flatMap(([name, { config }]) => {
    const iteratesOn = config?.iterates_on
    return iteratesOn === undefined ? [] : [{ name, target: targetOf(schema, iteratesOn) }]
  })
  const targets = new Map(iterations.map(({ name, target }) => [name, target === undefined ? [] : [target.group]]))
  const circular = new Set(namesInCycles(targets))
  return iterations.flatMap(({ name, target }): Issue[] => {
    const path = `groups.${name}.config.iterates_on`
    const field = target && schema.groups[target.group]?.fields[target.field]
    if (field === undefined || resolved(schema, field).type !== 'array') return [[path, 'must be the group.field of an array.']]
    return circular.has(name) ? [[path, 'must not depend on the group itself.']] : []
  })
}

/** Returns the names from which a path of targets leads back to the name itself. */
function namesInCycles (targets: ReadonlyMap<string, readonly string[]>): string[] {
  return [...targets.keys()].filter(start => {
    // The set grows during the iteration.
    const reached = new Set(targets.get(start))
    for (const name of reached) targets.get(name)?.forEach(target => reached.add(target))
    return reached.has(start)
  })
}

const DEFINITION = '#/definitions/'

function nameIn ($ref: string): string {
  return $ref.slice(DEFINITION.length)
}

function definitionOf ({ definitions = {} }: ExtractionSchema, $ref: string): FieldOrReference | undefined {
  return $ref.startsWith(DEFINITION) && Object.hasOwn(definitions, nameIn($ref)) ? definitions[nameIn($ref)] : undefined
}

function isReference (field: FieldOrReference): field is Reference {
  return '$ref' in field && field.$ref !== undefined
}

function groupFieldsOf ({ groups }: ExtractionSchema): LocatedField[] {
  return Object.entries(groups).flatMap(([name, { fields }]) => locate(`groups.${name}.fields`, fields))
}

function locate (path: string, fields: { readonly [name: string]: FieldOrReference }): LocatedField[] {
  return Object.entries(fields).map(([name, field]) => ({ path: `${path}.${name}`, field }))
}

/** Returns the fields directly inside a field. */
function partsOf (path: string, { items, properties = {} }: Field): LocatedField[] {
  return [...items === undefined ? [] : [{ path: `${path}.items`, field: items }], ...locate(`${path}.properties`, properties)]
}

function referencesIn ({ path, field }: LocatedField): Array<{ readonly path: string, readonly field: Reference }> {
  return isReference(field) ? [{ path, field }] : partsOf(path, field).flatMap(referencesIn)
}
