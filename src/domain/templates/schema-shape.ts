import type { Issue } from './issue.ts'
import { isRecord } from '../extraction/by-group.ts'

/** A value at its place in the schema, and the report on the schema. */
interface SchemaNode {
  readonly value: unknown
  readonly path: readonly string[]
  readonly report: Report
}

interface Report {
  readonly issues: Issue[]
  /** The number of groups, fields and definitions checked so far. */
  count: number
}

type Check = (node: SchemaNode) => void

/** The largest number of groups, fields and definitions in a schema. */
export const MAX_FIELDS = 1_000

/** The largest depth of nested fields. */
export const MAX_DEPTH = 20

/** The largest depth of any value, unknown keys included: guards against stack overflow. */
const MAX_NESTING = 100

const MAX_CHOICES = 1_000

/** Characters. */
const MAX_NAME = 255

/** The issue of a schema with too many groups, fields and definitions. */
export const TOO_MANY = `must not have more than ${withCommas(MAX_FIELDS)} fields in total; a definition counts wherever it is used.`

/** The issue of a field whose parts are nested too deeply. */
export const TOO_DEEP = `must not be nested more than ${MAX_DEPTH} levels deep.`

const REQUIRED = 'is required.'

/** Returns an issue for every value of the wrong type in a `schema_json`; does not follow references. */
export function shapeIssues (schema: unknown): Issue[] {
  if (isNestedBeyond(MAX_NESTING, schema)) return [['', `must not be nested more than ${MAX_NESTING} levels deep.`]]
  const report: Report = { issues: [], count: 0 }
  checkObject({ value: schema, path: [], report }, {
    config: optional(node => checkObject(node, {
      system_message: optional(checkStringOrNull),
      reasoning_enabled: optional(checkBoolean),
      extraction_title_prompt: optional(checkStringOrNull)
    })),
    definitions: optional(node => checkMap(node, node => checkField(node, 1))),
    groups: required(node => checkMap(node, checkGroup))
  })
  return report.count > MAX_FIELDS ? [['groups', TOO_MANY]] : report.issues
}

function checkGroup (group: SchemaNode): void {
  checkObject(group, {
    config: optional(node => checkObject(node, { iterates_on: optional(checkString) })),
    search_query: optional(checkString),
    extraction_prompt: optional(checkString),
    fields: required(node => checkMap(node, node => checkField(node, 1)))
  })
}

function checkField (field: SchemaNode, depth: number): void {
  if (depth > MAX_DEPTH) return addIssue(field, TOO_DEEP)
  const { $ref, type } = Object(field.value) as { $ref?: unknown, type?: unknown }
  checkObject(field, {
    $ref: optional(checkString),
    type: $ref === undefined ? required(checkString) : optional(checkString),
    extraction_prompt: optional(checkString),
    description: optional(checkString),
    enum: type === 'enum' ? required(checkChoices) : optional(checkChoices),
    items: optional(node => checkCounted(node, node => checkField(node, depth + 1))),
    properties: optional(node => checkMap(node, node => checkField(node, depth + 1)))
  })
}

function checkObject (object: SchemaNode, checks: { readonly [key: string]: Check }): void {
  const { value } = object
  if (!isRecord(value)) return addIssue(object, 'must be an object.')
  for (const [key, check] of Object.entries(checks)) check(childOf(object, key, Object.hasOwn(value, key) ? value[key] : undefined))
}

/** Checks an object whose keys are names. */
function checkMap (map: SchemaNode, check: Check): void {
  checkObject(map, {})
  if (!isRecord(map.value)) return
  if (Object.keys(map.value).some(name => name.length > MAX_NAME)) {
    return addIssue(map, `must not have names of more than ${MAX_NAME} characters.`)
  }
  for (const [key, value] of Object.entries(map.value)) checkCounted(childOf(map, key, value), check)
}

/** Stops at the limit: the schema then has that one issue. */
function checkCounted (node: SchemaNode, check: Check): void {
  if (++node.report.count <= MAX_FIELDS) check(node)
}

function checkChoices (choices: SchemaNode): void {
  const { value } = choices
  if (!Array.isArray(value)) return addIssue(choices, 'must be an array.')
  if (value.length === 0) return addIssue(choices, REQUIRED)
  if (value.length > MAX_CHOICES) return addIssue(choices, `must not have more than ${withCommas(MAX_CHOICES)} items.`)
  const invalid = value.findIndex(choice => typeof choice === 'object' && choice !== null)
  if (invalid >= 0) addIssue(childOf(choices, String(invalid), value[invalid]), 'must be a string, a number, true, false or null.')
}

function checkString (node: SchemaNode): void {
  if (typeof node.value !== 'string') addIssue(node, 'must be a string.')
}

function checkStringOrNull (node: SchemaNode): void {
  if (typeof node.value !== 'string' && node.value !== null) addIssue(node, 'must be a string or null.')
}

function checkBoolean (node: SchemaNode): void {
  if (typeof node.value !== 'boolean') addIssue(node, 'must be true or false.')
}

function optional (check: Check): Check {
  return node => node.value === undefined ? undefined : check(node)
}

function required (check: Check): Check {
  return node => node.value === undefined || node.value === null ? addIssue(node, REQUIRED) : check(node)
}

function childOf ({ path, report }: SchemaNode, key: string, value: unknown): SchemaNode {
  return { value, path: [...path, key], report }
}

function addIssue ({ path, report }: SchemaNode, message: string): void {
  report.issues.push([path.join('.'), message])
}

function isNestedBeyond (depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some(part => isNestedBeyond(depth - 1, part))
}

function withCommas (count: number): string {
  return count.toLocaleString('en-US')
}
