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

/** YAML has numbers and booleans where a flag has text. */
const SettingText = Type.Union([Type.String(), Type.Number(), Type.Boolean()])

const Email = Type.String({ format: 'email' })

const Token = Type.Object({
  name: Type.String({ minLength: 1 }),
  token: Type.Optional(Type.String({ minLength: 1 })),
  sha256: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{64}$' })),
  abilities: Type.Array(Type.Union([Type.Literal('*'), ...ABILITIES.map(ability => Type.Literal(ability))])),
  namespace: Type.Optional(Type.String({ format: 'namespace' })),
  user: Type.Optional(Email)
}, { additionalProperties: false })

const User = Type.Object({ email: Email, name: Type.Optional(Type.String({ minLength: 1 })) }, { additionalProperties: false })

const Member = Type.Object({ user: Email, role: Type.Union(ROLES.map(role => Type.Literal(role))) }, { additionalProperties: false })

const Workspace = Type.Object({
  id: Type.Integer({ minimum: 1 }),
  name: Type.String({ minLength: 1 }),
  icon: Type.Optional(Type.String()),
  members: Type.Optional(Type.Array(Member))
}, { additionalProperties: false })

const Template = Type.Object({
  id: Type.String({ format: 'uuid' }),
  name: Type.String({ minLength: 1 }),
  description: Type.Optional(Type.String()),
  workspace_id: Type.Optional(Type.Integer({ minimum: 1 })),
  schema_json: Type.Unknown(),
  settings: Type.Optional(TemplateSettings)
}, { additionalProperties: false })

export const ConfigFile = Type.Object({
  ...Object.fromEntries(SETTING_NAMES.map(name => [keyOf(name), Type.Optional(SettingText)])),
  tokens: Type.Optional(Type.Array(Token)),
  users: Type.Optional(Type.Array(User)),
  workspaces: Type.Optional(Type.Array(Workspace)),
  templates: Type.Optional(Type.Array(Template)),
  outcomes: Type.Optional(Type.Record(Type.String(), RuleBody)),
  faults: Type.Optional(Type.Array(FaultRuleBody))
}, { additionalProperties: false })

/** The content of a config file: settings by name with `_` for `-`, tokens, and the initial records and rules of every namespace. */
export type ConfigFile = Static<typeof ConfigFile>

/** Returns the key of a setting in a config file. */
export function keyOf (settingName: string): string {
  return settingName.replaceAll('-', '_')
}

const DEFAULT_FILES = ['raydocs-mock.json', 'raydocs-mock.yaml']

/**
 * Reads the config file at `path`; without a path, the file with a default name in `folder`. Without any file the content is
 * empty. Throws UsageError.
 */
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
    const reason = error.code === 'ENOENT' ? 'the file does not exist' : error.message
    throw new UsageError(`The config file ${name} cannot be read: ${reason}.`, { cause: error })
  })
  const content: unknown = await parse(text, name)
  const issue = firstIssueIn(content)
  if (issue !== undefined) throw new UsageError(`The config file ${name} is not valid at ${issue}`)
  return content as ConfigFile
}

/** Returns the path of the first issue, and the value that is expected there; undefined if there is no issue. */
export function firstIssueIn (content: unknown): string | undefined {
  const issue = Value.Errors(ConfigFile, content).First()
  if (issue === undefined) return undefined
  const choices: unknown[] = issue.schema['anyOf']?.map((choice: TSchema) => choice['const']) ?? []
  const expected = choices.length > 0 && !choices.includes(undefined) ? `Expected one of ${choices.join(', ')}` : issue.message
  return `${issue.path || 'its top level'}: ${expected}.`
}

async function parse (text: string, name: string): Promise<unknown> {
  try {
    if (extname(name) === '.json') return JSON.parse(text)
    const yaml = await import('yaml')
    return yaml.parse(text)
  } catch (error) {
    throw new UsageError(`The config file ${name} cannot be parsed: ${(error as Error).message.replace(/\n.*/s, '')}`)
  }
}

function ignoreAbsence (error: Error): undefined {
  if ((error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined
  throw error
}
