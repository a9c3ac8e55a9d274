import stringify from 'safe-stable-stringify'
import type { TSchema } from '@sinclair/typebox'
import { ABILITIES, type Ability } from '../domain/workspaces/abilities.ts'
import type { Session } from '../domain/lifecycle/records.ts'
import type { Caller } from '../domain/workspaces/token.ts'
import type { Exchange } from '../store/journal.ts'
import { known } from '../domain/known.ts'
import { documentAt, resultAt, resultsAt, sessionAt } from '../domain/lifecycle/lifecycle.ts'
import { pathOf } from '../http/url.ts'
import { bodyOf, executedSessions, polledResource, type PolledResource } from './check-input.ts'
import type { ClientCheck } from './client-check.ts'
import { STORAGE_CHECKS } from './storage-checks.ts'

const BATCH = '/extractions/templates/:templateId/sessions/batch'

export const CLIENT_CHECKS: readonly ClientCheck[] = [
  ...STORAGE_CHECKS,
  {
    id: 'retried-too-early',
    severity: 'error',
    description: 'After a response with Retry-After, wait that long before the next attempt.',
    findBreaches: ({ exchanges }) => {
      const nextAttempts = nextAttemptsIn(exchanges)
      return exchanges.flatMap(refused => {
        const again = nextAttempts.get(refused)
        const wait = waitAfter(refused)
        if (again === undefined || wait === undefined || hasWaited(refused, again, wait)) return []
        const message = `The request was repeated too early: the response said Retry-After: ${refused.retryAfter}.`
        return [{ about: [again, refused], message }]
      })
    }
  },
  {
    id: 'polled-after-the-end',
    severity: 'error',
    description: 'Stop polling a resource that has completed or failed: it does not change any more.',
    findBreaches: ({ exchanges, sessions }) => {
      const answered = exchanges.filter(({ status }) => status === 200)
      return [...groupBy(answered, pollKey).values()].flatMap(polls => {
        const lastEarly = polls.findLastIndex(poll => {
          const resource = polledResource(poll)
          const session = resource && sessions.get(resource.id)
          return session === undefined || !isFinished(session, resource as PolledResource, Number(poll.answeredAt))
        })
        // The first poll sees the end, and one more is allowed.
        const [first, ...others] = polls.slice(lastEarly + 3)
        if (first === undefined) return []
        return [{ about: [first, ...others], message: `${pathOf(first.url)} was polled after it had completed or failed.` }]
      })
    }
  },
  {
    id: 'same-batch-twice',
    severity: 'error',
    description: 'Create a batch once: the same files for the same template make, and cost, the same sessions again.',
    findBreaches: ({ exchanges }) => {
      // A client may not have understood a response that a fault changed.
      const created = exchanges.filter(({ route, status, fault }) => route === BATCH && status === 201 && fault === null)
      return [...groupBy(created, batchKey).values()].flatMap(([first, second, ...others]) => {
        if (first === undefined || second === undefined) return []
        return [{ about: [second, first, ...others], message: 'The batch repeats an earlier one: its sessions already exist.' }]
      })
    }
  },
  {
    id: 'executed-after-auto-extract',
    severity: 'error',
    description: 'Do not execute sessions with auto_extract: their runs start automatically. Repeat only runs that failed.',
    findBreaches: ({ exchanges, sessions }) => exchanges
      .filter(({ route, status }) => route === `${BATCH}/execute` && status === 200)
      .flatMap(exchange => {
        const repeated = executedSessions(exchange).filter(id => hasAutomaticRun(sessions.get(id), exchange.at))
        if (repeated.length === 0) return []
        const message = `Sessions with auto_extract were executed and now have a second run: ${repeated.join(', ')}.`
        return [{ about: [exchange], message }]
      })
  },
  {
    id: 'ability-not-needed',
    severity: 'warning',
    description: 'Give a token only the abilities that its client uses.',
    findBreaches: ({ exchanges, routeOf }) => [...groupBy(exchanges, ({ caller }) => caller?.name).values()].flatMap(requests => {
      const last = requests.findLast(({ status }) => status !== null && status < 400)
      const message = last && unusedAbilities(last.caller as Caller, new Set(requests.flatMap(request => routeOf(request)?.abilities)))
      return last === undefined || message === undefined ? [] : [{ about: [last], message }]
    })
  },
  {
    id: 'unknown-body-field',
    severity: 'warning',
    description: 'Send only fields that the API knows: it ignores the others, which may be misspelt.',
    findBreaches: ({ exchanges, routeOf }) => exchanges.flatMap(exchange => {
      const schema = routeOf(exchange)?.body
      const unknown = schema === undefined ? [] : unknownFields(schema, bodyOf(exchange), '')
      if (unknown.length === 0) return []
      return [{ about: [exchange], message: `The body has fields that the API does not know: ${unknown.join(', ')}.` }]
    })
  }
]

/** Groups exchanges by key, in the order of the first exchange of each; leaves out those without a key. */
function groupBy (exchanges: readonly Exchange[], keyOf: (exchange: Exchange) => string | undefined): Map<string, Exchange[]> {
  const groups = new Map<string, Exchange[]>()
  for (const exchange of exchanges) {
    const key = keyOf(exchange)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [exchange])
    else group.push(exchange)
  }
  return groups
}

/** Returns the wait that a response asked for, in milliseconds; undefined if it has no readable Retry-After. */
function waitAfter ({ retryAfter, answeredAt }: Exchange): number | undefined {
  if (retryAfter === null || answeredAt === null) return undefined
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - answeredAt
  return Number.isNaN(ms) ? undefined : ms
}

/** Either clock counts, the namespace's or the real one: beside a frozen clock a client can only wait in real time. */
function hasWaited (refused: Exchange, again: Exchange, ms: number): boolean {
  return again.at - Number(refused.answeredAt) >= ms || again.realAt - Number(refused.answeredRealAt) >= ms
}

/** Returns the next attempt at each request that was made again. */
function nextAttemptsIn (exchanges: readonly Exchange[]): Map<Exchange, Exchange> {
  const attempts = groupBy(exchanges, ({ method, url, caller }) => `${method} ${pathOf(url)} ${caller?.name}`)
  return new Map([...attempts.values()].flatMap(group => {
    return group.slice(1).map((again, index) => [known(group[index], 'it is before'), again] as const)
  }))
}

function pollKey (exchange: Exchange): string | undefined {
  return polledResource(exchange) === undefined ? undefined : `${exchange.caller?.name} ${pathOf(exchange.url).toLowerCase()}`
}

/** Returns true if a client could see that the resource had no further transitions at the instant `at`. */
function isFinished (session: Session, { kind, id }: PolledResource, at: number): boolean {
  const results = resultsAt(session, at)
  const runsAreFinished = results.length > 0 && results.every(({ completedAt }) => completedAt !== null)
  const document = session.documents.find(document => document.id === id)
  if (document !== undefined) return documentAt({ document, runs: [] }, at).status === 'failed' || runsAreFinished
  if (kind === 'results') return resultAt(session, id, at)?.completedAt != null
  return runsAreFinished || sessionAt(session, at).status === 'failed'
}

/** Returns true if the session has an automatic run that has not failed by the instant `at`. */
function hasAutomaticRun (session: Session | undefined, at: number): boolean {
  if (session === undefined || session.automaticRun === null) return false
  return resultAt(session, session.automaticRun.id, at)?.status !== 'failed'
}

function batchKey (exchange: Exchange): string | undefined {
  const body = bodyOf(exchange)
  return body === undefined ? undefined : `${pathOf(exchange.url).toLowerCase()} ${stringify(body)}`
}

/** Returns a message about the abilities of a token beyond the needed ones; undefined if there are none. */
function unusedAbilities ({ name, abilities }: Caller, needed: ReadonlySet<Ability | undefined>): string | undefined {
  const unused = [...abilities].filter(ability => !needed.has(ability))
  if (unused.length === 0) return undefined
  const used = ABILITIES.filter(ability => needed.has(ability)).join(', ') || 'none'
  if (abilities.size === ABILITIES.length) return `The token ${name} has every ability; its client needs: ${used}.`
  return `The token ${name} has abilities that its client does not need: ${unused.join(', ')}.`
}

/** Returns the dotted paths of the fields that a schema does not name. */
function unknownFields (schema: TSchema, value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    return schema['items'] === undefined ? [] : value.flatMap((item, index) => unknownFields(schema['items'], item, `${path}${index}.`))
  }
  const known: Record<string, TSchema> | undefined = schema['properties']
  if (known === undefined || typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const property = Object.hasOwn(known, name) ? known[name] : undefined
    return property === undefined ? [`${path}${name}`] : unknownFields(property, inner, `${path}${name}.`)
  })
}
