import { createHash, hash, type Hash } from 'node:crypto'
import { Type, type Static } from '@sinclair/typebox'
import stringify from 'safe-stable-stringify'
import type { NamespaceState } from '../namespaces/namespace.ts'
import type { SavedNamespace } from '../namespaces/registry.ts'
import { known } from '../domain/known.ts'
import { readInstant } from '../domain/lifecycle/clock.ts'
import { restoreFaults } from '../domain/traffic/faults.ts'
import { unprocessable } from '../http/errors.ts'
import { Nullable } from '../http/schema.ts'
import { checked } from '../http/validation.ts'
import { readSavedRecords, UnreadableRecords } from '../store/saved-records.ts'
import { readSavedRecordsV1 } from '../store/saved-records-v1.ts'
import { FaultRuleBody } from '../traffic/fault-rule.ts'
import { ClockBody, clockModeOf, presentClock } from './clock.ts'
import { NamedRuleBody, presentRules, readRule } from './outcome-rule.ts'

/** The version of the states that are saved; states of earlier versions can be restored. */
const VERSION = 2

const READERS = new Map([[1, readSavedRecordsV1], [VERSION, readSavedRecords]])

/** A saved namespace: everything but its tokens, its journal and the bytes of its uploads. */
export const StateBody = Type.Object({
  version: Type.Integer({ minimum: 1, description: 'The version of the format.', examples: [VERSION] }),
  seed: Type.String(),
  clock: Type.Object({ ...ClockBody.properties, now: Type.String({ format: 'instant' }) }),
  outcomes: Type.Array(NamedRuleBody, { description: 'In the order in which they are tried.' }),
  faults: Type.Array(Type.Object({ id: Type.String(), rule: FaultRuleBody, seen: Type.Integer(), fired: Type.Integer() }), {
    description: 'With the number of requests that matched, and of those that failed.'
  }),
  max_rate: Nullable(Type.Integer({ minimum: 0 }), 'The number of requests that an IP address may make in a minute; null for no limit.'),
  records: Type.String({ description: 'All records by kind, in a form that only restoring understands.' }),
  digest: Type.String({ description: 'The SHA-256 of the rest: a state that was cut short or altered is refused.' })
}, { additionalProperties: false })

export type StateBody = Static<typeof StateBody>

/** A saved namespace in a file, where the records are in pieces: a single text has a maximum length. */
const StateInPieces = Type.Object({ ...StateBody.properties, records: Type.Array(Type.String()) }, { additionalProperties: false })

/** Returns a namespace as it is saved. */
export async function saveState (namespace: NamespaceState): Promise<StateBody> {
  const state = { version: VERSION, ...await stateWithoutRecords(namespace), records: await namespace.records.dump() }
  return { ...state, digest: digestOf(state) }
}

/** Streams a snapshot of a namespace as JSON, which `readState` accepts when it is parsed. */
export async function * writeState (snapshot: NamespaceState): AsyncGenerator<string> {
  const state = { version: VERSION, ...await stateWithoutRecords(snapshot) }
  const digest = startDigest(state)
  yield `${JSON.stringify(state).slice(0, -1)},"records":[`
  let separator = '\n'
  for await (const piece of snapshot.records.dumpInPieces()) {
    digest.update(piece)
    yield separator + JSON.stringify(piece)
    separator = ',\n'
  }
  yield `],"digest":"${digest.digest('hex')}"}`
}

async function stateWithoutRecords (namespace: NamespaceState): Promise<Omit<StateBody, 'version' | 'records' | 'digest'>> {
  return {
    seed: namespace.seed,
    clock: presentClock(await namespace.clock()),
    outcomes: presentRules(await namespace.outcomeRules()),
    faults: (await namespace.faults.list()).map(({ id, rule, seen, fired }) => ({
      id,
      rule: rule as Static<typeof FaultRuleBody>,
      seen,
      fired
    })),
    max_rate: await namespace.rateLimit()
  }
}

/** Reads a saved namespace. Throws a 422 for a state that is damaged, or was saved by a newer version. */
export function readState (value: unknown): SavedNamespace {
  assertStateVersion(value)
  const isInPieces = Array.isArray((Object(value) as { records?: unknown }).records)
  const { digest, ...state } = isInPieces ? checked(StateInPieces, value) : checked(StateBody, value)
  if (digest !== digestOf(state)) {
    throw unprocessable({ digest: ['The digest field does not match the rest: the state was cut short or altered.'] })
  }
  const { version, seed, clock: { mode, now, scale }, outcomes, faults, max_rate: maxRate, records } = state
  return {
    seed,
    clock: { ...clockModeOf(mode, mode === 'scaled' ? scale : undefined), at: known(readInstant(now), 'an instant was validated') },
    outcomes: new Map(outcomes.map(({ name, ...rule }) => [name, readRule(rule)])),
    faults: restoreFaults(faults),
    maxRate,
    records: [records].flat().flatMap(piece => readRecords(version, piece))
  }
}

/** Throws a 422 for a state that a newer version saved. Checked first: its shape may be unknown to this version. */
export function assertStateVersion (value: unknown): void {
  const { version } = Object(value) as { version?: unknown }
  if (typeof version !== 'number' || READERS.has(version)) return
  throw unprocessable({
    version: [`The state has version ${version}; this server reads ${[...READERS.keys()].join(' and ')}: use a newer server.`]
  })
}

function readRecords (version: number, text: string): SavedNamespace['records'] {
  try {
    return known(READERS.get(version), 'the version was checked')(text)
  } catch (error) {
    // Whatever else fails has met records of another shape.
    const { message } = error instanceof UnreadableRecords ? error : new UnreadableRecords()
    throw unprocessable({ records: [`The state cannot be restored: ${message}.`] })
  }
}

function digestOf ({ records, ...rest }: { readonly records: string | string[] }): string {
  if (typeof records === 'string') return hash('sha256', String(stringify({ ...rest, records })), 'hex')
  const digest = startDigest(rest)
  for (const piece of records) digest.update(piece)
  return digest.digest('hex')
}

function startDigest (state: object): Hash {
  return createHash('sha256').update(String(stringify(state)))
}
