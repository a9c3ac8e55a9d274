import { isRecord } from '../extraction/by-group.ts'

/** A value where it stands, and where to tell what is wrong with it. */
interface SchemaNode {
  readonly value: unknown
  readonly path: readonly string[]
  readonly report: Report
}

interface Report {
  readonly faults: Array<readonly [path: string, fault: string]>
  /** Groups, fields and definitions seen so far. */
  count: number
}

/** How many groups, fields and definitions a schema may have in all: more are no template that anybody wrote. */
export const MAX_FIELDS = 1_000

/** How deep fields may lie in each other. */
export const MAX_DEPTH = 20

/** How deep anything may lie, unknown keys included: nobody's stack is to overflow. */
const MAX_NESTING = 100

const MAX_CHOICES = 1_000

/** Characters. */
const MAX_NAME = 255

/** Said of the groups of a schema that is too large. */
export const TOO_MANY = `must not have more than ${MAX_FIELDS.toLocaleString('en-US')} fields in all, those of definitions counted wherever they are used.`

/** Said of a field that contains more than `MAX_DEPTH` allows. */
export const TOO_DEEP = `must not be nested more than ${MAX_DEPTH} levels deep.`

/** Every value of the wrong kind in a `schema_json`, by its dotted path; what references lead to is not looked at. */
export function shapeIssues (schema: unknown): Report['faults'] {
  if (isNestedBeyond(MAX_NESTING, schema)) return [['', `must not be nested more than ${MAX_NESTING} levels deep.`]]
  const report: Report = { faults: [], count: 0 }
  checkObject({ value: schema, path: [], report }, {
    config: optional(place => checkObject(place, {
      system_message: optional(checkTextOrNull),
      reasoning_enabled: optional(checkBoolean),
      extraction_title_prompt: optional(checkTextOrNull)
    })),
    definitions: optional(place => checkMap(place, place => checkField(place, 1))),
    groups: required(place => checkMap(place, checkGroup))
  })
  return report.count > MAX_FIELDS ? [['groups', TOO_MANY]] : report.faults
}

function checkGroup (group: SchemaNode): void {
  checkObject(group, {
    config: optional(place => checkObject(place, { iterates_on: optional(checkText) })),
    search_query: optional(checkText),
    extraction_prompt: optional(checkText),
    fields: required(place => checkMap(place, place => checkField(place, 1)))
  })
}

function checkField (field: SchemaNode, depth: number): void {
  if (depth > MAX_DEPTH) return issue(field, TOO_DEEP)
  const { $ref, type } = Object(field.value) as { $ref?: unknown, type?: unknown }
  checkObject(field, {
    $ref: optional(checkText),
    type: $ref === undefined ? required(checkText) : optional(checkText),
    extraction_prompt: optional(checkText),
    description: optional(checkText),
    enum: type === 'enum' ? required(checkChoices) : optional(checkChoices),
    items: optional(place => checkCounted(place, place => checkField(place, depth + 1))),
    properties: optional(place => checkMap(place, place => checkField(place, depth + 1)))
  })
}

function checkObject (object: SchemaNode, checks: { readonly [key: string]: (place: SchemaNode) => void }): void {
  const { value } = object
  if (!isRecord(value)) return issue(object, 'must be an object.')
  for (const [key, check] of Object.entries(checks)) check(part(object, key, Object.hasOwn(value, key) ? value[key] : undefined))
}

/** An object whose keys are names. */
function checkMap (map: SchemaNode, check: (place: SchemaNode) => void): void {
  checkObject(map, {})
  if (!isRecord(map.value)) return
  if (Object.keys(map.value).some(name => name.length > MAX_NAME)) return issue(map, `must not have names of more than ${MAX_NAME} characters.`)
  for (const [key, value] of Object.entries(map.value)) checkCounted(part(map, key, value), check)
}

/** Goes no further once there are too many: that is all there is to tell then. */
function checkCounted (place: SchemaNode, check: (place: SchemaNode) => void): void {
  if (++place.report.count <= MAX_FIELDS) check(place)
}

function checkChoices (choices: SchemaNode): void {
  const { value } = choices
  if (!Array.isArray(value)) return issue(choices, 'must be an array.')
  if (value.length === 0) return issue(choices, REQUIRED)
  if (value.length > MAX_CHOICES) return issue(choices, `must not have more than ${MAX_CHOICES.toLocaleString('en-US')} items.`)
  const odd = value.findIndex(choice => typeof choice === 'object' && choice !== null)
  if (odd >= 0) issue(part(choices, String(odd), value[odd]), 'must be a string, a number, true, false or null.')
}

function checkText (place: SchemaNode): void {
  if (typeof place.value !== 'string') issue(place, 'must be a string.')
}

function checkTextOrNull (place: SchemaNode): void {
  if (typeof place.value !== 'string' && place.value !== null) issue(place, 'must be a string or null.')
}

function checkBoolean (place: SchemaNode): void {
  if (typeof place.value !== 'boolean') issue(place, 'must be true or false.')
}

function optional (check: (place: SchemaNode) => void): (place: SchemaNode) => void {
  return place => place.value === undefined ? undefined : check(place)
}

function required (check: (place: SchemaNode) => void): (place: SchemaNode) => void {
  return place => place.value === undefined || place.value === null ? issue(place, REQUIRED) : check(place)
}

const REQUIRED = 'is required.'

function part ({ path, report }: SchemaNode, key: string, value: unknown): SchemaNode {
  return { value, path: [...path, key], report }
}

function issue ({ path, report }: SchemaNode, fault: string): void {
  report.faults.push([path.join('.'), fault])
}

function isNestedBeyond (depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some(part => isNestedBeyond(depth - 1, part))
}
