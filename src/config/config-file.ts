import { readFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { ABILITIES } from '../domain/workspaces/abilities.ts'
import { ROLES } from '../domain/workspaces/workspace.ts'
import { RuleBody } from '../control/outcome-rule.ts'
import { TemplateSettings } from '../resources/template.ts'
import { FaultRuleBody } from '../traffic/fault-rule.ts'
import '../http/formats.ts'
import { SETTING_NAMES } from './settings.ts'
import { UsageError } from './usage-error.ts'

const Email = Type.String({ format: 'email' })

export const ConfigFile = Type.Object({
  ...Object.fromEntries(SETTING_NAMES.map(name => [keyOf(name), Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()]))])),
  tokens: Type.Optional(Type.Array(Type.Object({
    name: Type.String({ minLength: 1 }),
    token: Type.Optional(Type.String({ minLength: 1 })),
    sha256: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{64}$' })),
    abilities: Type.Array(Type.Union([Type.Literal('*'), ...ABILITIES.map(ability => Type.Literal(ability))])),
    namespace: Type.Optional(Type.String({ format: 'namespace' })),
    user: Type.Optional(Email)
  }, { additionalProperties: false }))),
  users: Type.Optional(Type.Array(Type.Object({ email: Email, name: Type.Optional(Type.String({ minLength: 1 })) }, { additionalProperties: false }))),
  workspaces: Type.Optional(Type.Array(Type.Object({
    id: Type.Integer({ minimum: 1 }),
    name: Type.String({ minLength: 1 }),
    icon: Type.Optional(Type.String()),
    members: Type.Optional(Type.Array(Type.Object({ user: Email, role: Type.Union(ROLES.map(role => Type.Literal(role))) }, { additionalProperties: false })))
  }, { additionalProperties: false }))),
  templates: Type.Optional(Type.Array(Type.Object({
    id: Type.String({ format: 'uuid' }),
    name: Type.String({ minLength: 1 }),
    description: Type.Optional(Type.String()),
    workspace_id: Type.Optional(Type.Integer({ minimum: 1 })),
    schema_json: Type.Unknown(),
    settings: Type.Optional(TemplateSettings)
  }, { additionalProperties: false }))),
  outcomes: Type.Optional(Type.Record(Type.String(), RuleBody)),
  faults: Type.Optional(Type.Array(FaultRuleBody))
}, { additionalProperties: false })

/** What a config file holds: any setting by its name with `_` for `-`, tokens, and what every namespace begins with. */
export type ConfigFile = Static<typeof ConfigFile>

/** The name of a setting in a config file. */
export function keyOf (settingName: string): string {
  return settingName.replaceAll('-', '_')
}

const DEFAULT_FILES = ['raydocs-mock.json', 'raydocs-mock.yaml']

/** The config file at `path`, or, if none is named, whichever of the default names is in `folder`, or an empty one. */
export async function readConfigFile (path: string | undefined, folder: string): Promise<ConfigFile> {
  if (path !== undefined) return await readFrom(resolve(folder, path), path)
  for (const name of DEFAULT_FILES) {
    const content = await readFrom(join(folder, name), name).catch(ignoreAbsence)
    if (content !== undefined) return content
  }
  return {}
}

async function readFrom (path: string, name: string): Promise<ConfigFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`The config file ${name} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}.`, { cause: error })
  })
  const content: unknown = await parse(text, name)
  const fault = firstFaultIn(content)
  if (fault !== undefined) throw new UsageError(`The config file ${name} is not valid at ${fault}`)
  return content as ConfigFile
}

/** Where something is not as a config file must be, and what is expected there; undefined if there is no such place. */
export function firstFaultIn (content: unknown): string | undefined {
  const fault = Value.Errors(ConfigFile, content).First()
  if (fault === undefined) return undefined
  const choices: unknown[] = fault.schema['anyOf']?.map((choice: TSchema) => choice['const']) ?? []
  const expected = choices.length > 0 && !choices.includes(undefined) ? `Expected one of ${choices.join(', ')}` : fault.message
  return `${fault.path || 'its top'}: ${expected}.`
}

async function parse (text: string, name: string): Promise<unknown> {
  try {
    if (extname(name) === '.json') return JSON.parse(text)
    const yaml = await import('yaml')
    return yaml.parse(text)
  } catch (error) {
    throw new UsageError(`The config file ${name} cannot be understood: ${(error as Error).message.split('\n', 1)[0]}`)
  }
}

function ignoreAbsence (error: Error): undefined {
  if ((error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined
  throw error
}
