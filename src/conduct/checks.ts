import stringify from 'safe-stable-stringify'
import type { TSchema } from '@sinclair/typebox'
import { ABILITIES, type Ability } from '../domain/workspaces/abilities.ts'
import type { Session } from '../domain/lifecycle/records.ts'
import type { Caller } from '../domain/workspaces/token.ts'
import type { Exchange } from '../store/journal.ts'
import { documentAt, resultAt, resultsAt, sessionAt } from '../domain/lifecycle/lifecycle.ts'
import { pathOf } from '../http/url.ts'
import { bodyOf, executedBy, subjectOf, type CheckInput } from './check-input.ts'

/** What is to be said of one or more requests. */
export interface Breach {
  readonly about: readonly [Exchange, ...Exchange[]]
  readonly message: string
}

/** A way in which clients go wrong. */
export interface ClientCheck {
  readonly id: string
  /** An error breaks something, or will; a warning is a thing to think about. */
  readonly severity: 'error' | 'warning'
  readonly description: string
  readonly judge: (evidence: CheckInput) => Breach[]
}

const BATCH = '/extractions/templates/:templateId/sessions/batch'

export const CLIENT_CHECKS: readonly ClientCheck[] = [
  {
    id: 'token-sent-to-storage',
    severity: 'error',
    description: 'The token is for the API alone: a signed URL needs none, and leads to another company\'s server.',
    judge: ({ exchanges }) => exchanges
      .filter(({ url, headers }) => url.startsWith('/storage/') && headers.authorization !== undefined)
      .map(exchange => ({ about: [exchange], message: 'The upload bears the Authorization header: send what came with the signed URL, and nothing else.' }))
  },
  {
    id: 'retried-too-early',
    severity: 'error',
    description: 'After an answer with Retry-After a client waits that long.',
    judge: ({ exchanges }) => exchanges.flatMap(refused => {
      const again = exchanges.find(({ id, method, url, caller }) =>
        id > refused.id && method === refused.method && pathOf(url) === pathOf(refused.url) && caller?.name === refused.caller?.name)
      const wait = waitAfter(refused)
      if (again === undefined || wait === undefined || hasWaited(refused, again, wait)) return []
      return [{ about: [again, refused], message: `The request was sent again before its time: the answer to it said Retry-After: ${refused.retryAfter}.` }]
    })
  },
  {
    id: 'polled-after-the-end',
    severity: 'error',
    description: 'What has completed or failed does not change any more: reading it once more is enough.',
    judge: ({ exchanges, sessions }) => [...grouped(exchanges.filter(({ status }) => status === 200), readerOf).values()].flatMap(reads => {
      let reread: Exchange[] = []
      for (const read of reads) {
        const subject = subjectOf(read)
        const session = subject && sessions.get(subject.id)
        reread = session !== undefined && isOver(session, subject as { kind: string, id: string }, Number(read.answeredAt)) ? [...reread, read] : []
      }
      const [, , first, ...others] = reread
      return first === undefined ? [] : [{ about: [first, ...others] as const, message: `${pathOf(first.url)} was polled on after its end.` }]
    })
  },
  {
    id: 'same-batch-twice',
    severity: 'error',
    description: 'The same files for the same template make the same sessions again, and cost again.',
    // An answer that was tampered with may not have been understood.
    judge: ({ exchanges }) => [...grouped(exchanges.filter(({ route, status, fault }) => route === BATCH && status === 201 && fault === null), batchIn).values()].flatMap(([first, second, ...others]) => {
      return first === undefined || second === undefined ? [] : [{ about: [second, first, ...others], message: 'The batch is the same as one before: its sessions exist already.' }]
    })
  },
  {
    id: 'executed-after-auto-extract',
    severity: 'error',
    description: 'With auto_extract a run starts by itself; batch execute makes a second one, unless it repeats a run that has failed.',
    judge: ({ exchanges, sessions }) => exchanges.filter(({ route, status }) => route === `${BATCH}/execute` && status === 200).flatMap(exchange => {
      const needless = executedBy(exchange).filter(id => runsByItself(sessions.get(id), exchange.at))
      return needless.length === 0 ? [] : [{ about: [exchange], message: `Sessions run by themselves (auto_extract), and have now run twice: ${needless.join(', ')}.` }]
    })
  },
  {
    id: 'ability-not-needed',
    severity: 'warning',
    description: 'A token should be able to do what its client does, and no more.',
    judge: ({ exchanges, routeOf }) => [...grouped(exchanges, ({ caller }) => caller?.name).values()].flatMap(requests => {
      const last = requests.findLast(({ status }) => status !== null && status < 400)
      const message = last && needlessIn(last.caller as Caller, new Set(requests.flatMap(request => routeOf(request)?.abilities)))
      return last === undefined || message === undefined ? [] : [{ about: [last], message }]
    })
  },
  {
    id: 'unknown-body-field',
    severity: 'warning',
    description: 'What the API does not know it ignores: a field may be misspelt.',
    judge: ({ exchanges, routeOf }) => exchanges.flatMap(exchange => {
      const schema = routeOf(exchange)?.body
      const unknown = schema === undefined ? [] : unknownIn(schema, bodyOf(exchange), '')
      return unknown.length === 0 ? [] : [{ about: [exchange], message: `The body has fields that the API does not know: ${unknown.join(', ')}.` }]
    })
  }
]

/** In the order in which each key first came; what has no key is left out. */
function grouped (exchanges: readonly Exchange[], keyOf: (exchange: Exchange) => string | undefined): Map<string, Exchange[]> {
  const groups = new Map<string, Exchange[]>()
  for (const exchange of exchanges) {
    const key = keyOf(exchange)
    if (key !== undefined) groups.set(key, [...groups.get(key) ?? [], exchange])
  }
  return groups
}

/** How many milliseconds an answer told the client to wait; undefined if it did not. */
function waitAfter ({ retryAfter, answeredAt }: Exchange): number | undefined {
  if (retryAfter === null || answeredAt === null) return undefined
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - answeredAt
  return Number.isNaN(ms) ? undefined : ms
}

/** By the clock of the namespace or by the real one: who really waits beside a clock that stands has waited too. */
function hasWaited (refused: Exchange, again: Exchange, ms: number): boolean {
  return again.at - Number(refused.answeredAt) >= ms || again.realAt - Number(refused.answeredRealAt) >= ms
}

function readerOf (exchange: Exchange): string | undefined {
  return subjectOf(exchange) === undefined ? undefined : `${exchange.caller?.name} ${pathOf(exchange.url).toLowerCase()}`
}

/** Whether nothing was going to happen any more, as far as a reader could see. */
function isOver (session: Session, { kind, id }: { readonly kind: string, readonly id: string }, at: number): boolean {
  const results = resultsAt(session, at)
  const runsAreOver = results.length > 0 && results.every(({ completedAt }) => completedAt !== null)
  const document = session.documents.find(document => document.id === id)
  if (document !== undefined) return documentAt({ document, runs: [] }, at).status === 'failed' || runsAreOver
  if (kind === 'results') return resultAt(session, id, at)?.completedAt != null
  return runsAreOver || sessionAt(session, at).status === 'failed'
}

/** Whether a session was running, or has run, without being asked. */
function runsByItself (session: Session | undefined, at: number): boolean {
  if (session === undefined || session.automaticRun === null) return false
  return resultAt(session, session.automaticRun.id, at)?.status !== 'failed'
}

function batchIn (exchange: Exchange): string | undefined {
  const body = bodyOf(exchange)
  return body === undefined ? undefined : `${pathOf(exchange.url).toLowerCase()} ${stringify(body)}`
}

/** What is to be said of a token's abilities; undefined if it has none but those that were needed. */
function needlessIn ({ name, abilities }: Caller, needed: ReadonlySet<Ability | undefined>): string | undefined {
  const needless = [...abilities].filter(ability => !needed.has(ability))
  if (needless.length === 0) return undefined
  const enough = ABILITIES.filter(ability => needed.has(ability)).join(', ') || 'none'
  if (abilities.size === ABILITIES.length) return `The token ${name} has every ability; enough would be: ${enough}.`
  return `The token ${name} has abilities that were not needed: ${needless.join(', ')}.`
}

/** The dotted paths of what a schema does not name. */
function unknownIn (schema: TSchema, value: unknown, path: string): string[] {
  if (Array.isArray(value)) return schema['items'] === undefined ? [] : value.flatMap((item, index) => unknownIn(schema['items'], item, `${path}${index}.`))
  const known: Record<string, TSchema> | undefined = schema['properties']
  if (known === undefined || typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const property = Object.hasOwn(known, name) ? known[name] : undefined
    return property === undefined ? [`${path}${name}`] : unknownIn(property, inner, `${path}${name}.`)
  })
}
