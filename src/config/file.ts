import { readFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { ABILITIES } from '../domain/abilities.ts'
import { RuleBody } from '../control/outcome-rule.ts'
import { FaultRule } from '../traffic/fault-rule.ts'
import '../formats.ts'
import { SETTING_NAMES } from './settings.ts'
import { UsageError } from './usage-error.ts'

const Field = Type.Object({ type: Type.String(), extraction_prompt: Type.Optional(Type.String()) })

const SchemaJson = Type.Object({
  config: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  definitions: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  groups: Type.Record(Type.String(), Type.Object({
    search_query: Type.Optional(Type.String()),
    extraction_prompt: Type.Optional(Type.String()),
    fields: Type.Record(Type.String(), Field)
  }))
})

export const ConfigFile = Type.Object({
  ...Object.fromEntries(SETTING_NAMES.map(name => [keyOf(name), Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()]))])),
  tokens: Type.Optional(Type.Array(Type.Object({
    name: Type.String({ minLength: 1 }),
    token: Type.Optional(Type.String({ minLength: 1 })),
    sha256: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{64}$' })),
    abilities: Type.Array(Type.Union([Type.Literal('*'), ...ABILITIES.map(ability => Type.Literal(ability))])),
    namespace: Type.Optional(Type.String({ format: 'namespace' }))
  }, { additionalProperties: false }))),
  templates: Type.Optional(Type.Array(Type.Object({
    id: Type.String({ format: 'uuid' }),
    name: Type.String({ minLength: 1 }),
    description: Type.Optional(Type.String()),
    workspace_id: Type.Optional(Type.Integer({ minimum: 1 })),
    schema_json: SchemaJson
  }, { additionalProperties: false }))),
  outcomes: Type.Optional(Type.Record(Type.String(), RuleBody)),
  faults: Type.Optional(Type.Array(FaultRule))
}, { additionalProperties: false })

/** What a config file holds: any setting by its name with `_` for `-`, tokens, templates, and what every namespace begins with. */
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
  const fault = Value.Errors(ConfigFile, content).First()
  if (fault !== undefined) {
    throw new UsageError(`The config file ${name} is not valid at ${fault.path || 'its top'}: ${fault.message}.`)
  }
  return content as ConfigFile
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
