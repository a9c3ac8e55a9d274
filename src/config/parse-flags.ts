import { parseArgs, type ParseArgsConfig } from 'node:util'
import { closestMatch } from 'leven'
import { UsageError } from './usage-error.ts'

interface FlagsConfig extends ParseArgsConfig {
  readonly options: NonNullable<ParseArgsConfig['options']>
}

/**
 * Parses flags as `parseArgs` of `node:util` does. Throws a UsageError that lists the allowed flags, and suggests the flag that
 * an unknown one resembles.
 */
export function parseFlags<const Config extends FlagsConfig> (config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    // Node adds a hint on positional arguments that begin with a dash, which does not help here.
    const problem = (error as Error).message.replace(/\. .*/s, '')
    const allowed = Object.keys(config.options).map(name => `--${name}`).join(' ')
    throw new UsageError(`${problem}.${suggestionFor(problem, config)} Allowed are ${allowed}.`)
  }
}

function suggestionFor (problem: string, { options, allowNegative = false }: FlagsConfig): string {
  const unknown = /^Unknown option '(--[^']+)'/.exec(problem)?.[1]
  if (unknown === undefined) return ''
  const candidates = Object.entries(options).flatMap(([name, { type }]) => {
    return allowNegative && type === 'boolean' ? [`--${name}`, `--no-${name}`] : [`--${name}`]
  })
  const nearest = closestMatch(unknown, candidates, { maxDistance: Math.floor(unknown.length / 3) })
  return nearest === undefined ? '' : ` Did you mean ${nearest}?`
}
