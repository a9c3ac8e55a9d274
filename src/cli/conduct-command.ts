import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ConductBody } from '../control/conduct.ts'
import type { Surroundings } from './surroundings.ts'
import { linesOf, plural } from '../conduct/conduct-text.ts'
import { parseFlags } from '../config/parse-flags.ts'
import { UsageError } from '../config/usage-error.ts'
import { envOf } from '../config/settings.ts'
import { StartError } from '../start-error.ts'

const FORMATS = ['text', 'json', 'junit']
const LEVELS = ['error', 'warning', 'never']

const OPTIONS = {
  url: { type: 'string', default: 'http://127.0.0.1:4010', help: 'the running server' },
  namespace: { type: 'string', default: 'default', help: 'the namespace whose requests are checked' },
  format: { type: 'string', default: 'text', help: FORMATS.join(', ') },
  'fail-on': { type: 'string', default: 'error', help: `the severity that exits with 1: ${LEVELS.join(', ')}` },
  'control-token': { type: 'string', help: `the token of the control API; by default ${envOf('control-token')}` },
  output: { type: 'string', help: 'the file to write the report to' },
  help: { type: 'boolean', short: 'h', help: 'show this help and exit' }
} as const

const HELP = [
  'Usage: raydocs-mock conduct [options]    report what the clients of a running server did wrong',
  '',
  ...Object.entries(OPTIONS).map(([name, option]) => {
    const byDefault = 'default' in option ? ` (${option.default})` : ''
    return `  --${name.padEnd(14)} ${option.help}${byDefault}`
  }),
  '',
  'Exit codes: 0 no issues, 1 issues, or the report is not available, 2 wrong usage.'
].join('\n')

/** Fetches the report of a running server and prints it; resolves to the exit code. Throws UsageError and StartError. */
export async function conductCommand (
  args: readonly string[],
  { env, cwd, stdout }: Pick<Surroundings, 'env' | 'cwd' | 'stdout'>
): Promise<number> {
  const { url, namespace, format, 'fail-on': failOn, 'control-token': token = env[envOf('control-token')], output, help } = read(args)
  if (help === true) {
    stdout.write(`${HELP}\n`)
    return 0
  }
  const address = `${url.replace(/\/+$/, '')}/_mock/namespaces/${encodeURIComponent(namespace)}/conduct`
  const report = JSON.parse(await fetchReport(address, token)) as ConductBody
  const text = format === 'junit'
    ? await fetchReport(`${address}?format=junit`, token)
    : format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : textOf(report)
  if (output === undefined) stdout.write(text)
  else await writeFile(resolve(cwd, output), text)
  const { errors, warnings } = report.summary
  return { error: errors, warning: errors + warnings, never: 0 }[failOn] === 0 ? 0 : 1
}

interface Flags {
  readonly url: string
  readonly namespace: string
  readonly format: string
  readonly 'fail-on': 'error' | 'warning' | 'never'
  readonly 'control-token'?: string
  readonly output?: string
  readonly help?: boolean
}

function read (args: readonly string[]): Flags {
  const flags = parseFlags({ args: [...args], options: OPTIONS }).values as Flags
  if (!FORMATS.includes(flags.format)) throw new UsageError(`--format must be one of ${FORMATS.join(', ')}; it is "${flags.format}".`)
  if (!LEVELS.includes(flags['fail-on'])) {
    throw new UsageError(`--fail-on must be one of ${LEVELS.join(', ')}; it is "${flags['fail-on']}".`)
  }
  if (!/^https?:\/\//.test(flags.url) || !URL.canParse(flags.url)) {
    throw new UsageError(`--url must be a URL such as http://127.0.0.1:4010; it is "${flags.url}".`)
  }
  return flags
}

async function fetchReport (url: string, token: string | undefined): Promise<string> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const reply = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) }).catch(() => {
    throw new StartError(`${url} does not answer.`)
  })
  if (reply.status !== 200) {
    throw new StartError(`${url} answers ${reply.status}: ${HINTS.get(reply.status) ?? 'it is not raydocs-mock, or it failed'}.`)
  }
  return await reply.text()
}

const HINTS: ReadonlyMap<number, string> = new Map([
  [401, 'the control API needs a token: set --control-token'],
  [404, 'the control API is off, or the namespace does not exist']
])

function textOf ({ findings, summary: { errors, warnings, requests } }: ConductBody): string {
  const verdict = findings.length === 0 ? 'No issues found' : `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`
  return [...linesOf(findings), `${verdict} in ${plural(requests, 'request')}.`, ''].join('\n')
}
