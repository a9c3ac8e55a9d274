import t, { type Test } from 'tap'
import fc from 'fast-check'
import type { Document, Parsing, Session } from '../../../src/domain/lifecycle/records.ts'
import {
  comingRunsOver, documentAt, eventsOf, eventsOfDocument, filenameOf, parsingAt, resultAt, resultsAt, runOf, sessionAt,
  type ResultState
} from '../../../src/domain/lifecycle/lifecycle.ts'
import { newDocument } from '../../../src/domain/lifecycle/new-document.ts'
import { nextEventOf, sessionTimeline } from '../../../src/domain/lifecycle/transitions.ts'
import { foundIn, sessionWith, uploadOf } from '../records.ts'
import { randomRecords, type RandomRecords } from '../arbitrary.ts'

type ExpectedStatuses = [seconds: number, session: string, document: string, ...results: string[]]

function nextEventAt (session: Session, now: number): number | undefined {
  return nextEventOf(sessionTimeline(session), now)
}

/** Compares the statuses of a session, its documents and its results with a table, by instant in seconds. */
function follow (t: Test, session: Session, table: ExpectedStatuses[]): void {
  for (const [seconds, ...expected] of table) {
    const now = seconds * 1000
    const actual = [
      sessionAt(session, now).status,
      ...session.documents.map(document => documentAt(foundIn([session], document), now).status),
      ...resultsAt(session, now).map(({ id, status }) => `${id} ${status}`)
    ]
    t.same(actual, expected, `at ${seconds} s`)
  }
}

t.test('without auto_extract a session is parsed and then waits for a run', async t => {
  follow(t, sessionWith(), [
    [0, 'pending', 'queued'],
    [0.999, 'pending', 'queued'],
    [1, 'processing', 'parsing'],
    [10.999, 'processing', 'parsing'],
    [11, 'pending', 'parsed'],
    [1e6, 'pending', 'parsed']
  ])
})

t.test('with auto_extract a run starts at the instant parsing ends', async t => {
  follow(t, sessionWith({ auto: true }), [
    [0, 'pending', 'queued'],
    [10.999, 'processing', 'parsing'],
    [11, 'processing', 'parsed', 'automatic created'],
    [12, 'processing', 'parsed', 'automatic processing'],
    [111.999, 'processing', 'parsed', 'automatic processing'],
    [112, 'completed', 'processed', 'automatic completed']
  ])
})

t.test('a run of a parsed session goes from created to completed', async t => {
  follow(t, sessionWith({ runsAt: [50_000] }), [
    [49.999, 'pending', 'parsed'],
    [50, 'processing', 'parsed', 'run-1 created'],
    [51, 'processing', 'parsed', 'run-1 processing'],
    [151, 'completed', 'processed', 'run-1 completed']
  ])
})

t.test('a run requested before parsing ends is parsing_pending until then', async t => {
  follow(t, sessionWith({ runsAt: [0] }), [
    [0, 'processing', 'queued', 'run-1 parsing_pending'],
    [10.999, 'processing', 'parsing', 'run-1 parsing_pending'],
    [11, 'processing', 'parsed', 'run-1 created'],
    [12, 'processing', 'parsed', 'run-1 processing'],
    [112, 'completed', 'processed', 'run-1 completed']
  ])
})

t.test('a run requested on an auto_extract session is a second one, listed by the time of its start', async t => {
  follow(t, sessionWith({ auto: true, runsAt: [5_000, 200_000] }), [
    [5, 'processing', 'parsing', 'run-1 parsing_pending'],
    [11, 'processing', 'parsed', 'run-1 created', 'automatic created'],
    [112, 'completed', 'processed', 'run-1 completed', 'automatic completed'],
    [200, 'processing', 'processed', 'run-1 completed', 'automatic completed', 'run-2 created'],
    [301, 'completed', 'processed', 'run-1 completed', 'automatic completed', 'run-2 completed']
  ])
  follow(t, sessionWith({ auto: true, runsAt: [11_000] }), [[11, 'processing', 'parsed', 'automatic created', 'run-1 created']])
})

t.test('a failed parsing fails the document, the session and every run, the automatic one included', async t => {
  const session = sessionWith({ auto: true, runsAt: [5_000, 50_000], parse: { failure: 'The file is encrypted.' } })
  follow(t, session, [
    [5, 'processing', 'parsing', 'run-1 parsing_pending'],
    [11, 'failed', 'failed', 'run-1 failed', 'automatic failed'],
    [50, 'failed', 'failed', 'run-1 failed', 'automatic failed', 'run-2 failed']
  ])
  t.same(resultsAt(session, 50_000).map(({ failure, completedAt }) => ({ failure, completedAt })), [
    { failure: 'The file is encrypted.', completedAt: 11_000 },
    { failure: 'The file is encrypted.', completedAt: 11_000 },
    { failure: 'The file is encrypted.', completedAt: 50_000 }
  ])
  const [document] = session.documents
  t.same(documentAt(foundIn([session], document), 50_000), { status: 'failed', updatedAt: 11_000, failure: 'The file is encrypted.' })
  t.same(parsingAt(document.parsings[0] as Parsing, 50_000), { status: 'failed', updatedAt: 11_000 })
})

t.test('a failed extraction fails its result with the reason, and the document stays parsed', async t => {
  const session = sessionWith({ runsAt: [20_000], extract: { failure: 'The model gave up.' } })
  follow(t, session, [
    [120.999, 'processing', 'parsed', 'run-1 processing'],
    [121, 'failed', 'parsed', 'run-1 failed']
  ])
  t.match(resultAt(session, 'run-1', 121_000), {
    status: 'failed', failure: 'The model gave up.', completedAt: 121_000, updatedAt: 121_000
  })
})

/** Returns the document with another id and other values in the plan of its only parsing. */
function planned (document: Document, id: string, plan: Partial<Parsing['plan']>): Document {
  const parsing = document.parsings[0] as Parsing
  return { ...document, id, parsings: [{ ...parsing, plan: { ...parsing.plan, ...plan } }] }
}

/** Returns the session with other documents, all of them inputs of its automatic run. */
function over (session: Session, documents: Document[]): Session {
  const inputs = documents.map(document => ({ document, parsing: document.parsings[0] as Parsing }))
  return { ...session, documents, automaticRun: session.automaticRun && { ...session.automaticRun, inputs } }
}

t.test('parsing of several documents ends with the last one, or with the first failure', async t => {
  const session = sessionWith({ auto: true })
  const [document] = session.documents
  follow(t, over(session, [document, planned(document, 'slow', { parseMs: 60_000 })]), [
    [60.999, 'processing', 'parsed', 'parsing'],
    [61, 'processing', 'parsed', 'parsed', 'automatic created']
  ])
  const failing = planned(document, 'failing', { queueMs: 0, parseMs: 5_000, failure: 'broken' })
  const worse = planned(document, 'worse', { queueMs: 0, parseMs: 6_000, failure: 'worse' })
  const broken = over(session, [document, failing, worse])
  follow(t, broken, [
    [5, 'failed', 'parsing', 'failed', 'parsing', 'automatic failed'],
    [11, 'failed', 'parsed', 'failed', 'failed', 'automatic failed']
  ])
  t.equal(resultAt(broken, 'automatic', 6_000)?.failure, 'broken')
  t.equal(resultAt(over(session, [document, worse, failing]), 'automatic', 6_000)?.failure, 'broken', 'in any order')
})

/** A document without a parsing. */
const unparsed = newDocument({ id: 'unparsed', workspaceId: 1, key: 'tmp/unparsed.pdf', upload: null, createdAt: 2_000 })

t.test('a document without a parsing stays uploaded, and its session pending', async t => {
  const session = { ...sessionWith(), name: 'March', documents: [unparsed] }
  follow(t, session, [[2, 'pending', 'uploaded'], [1e6, 'pending', 'uploaded']])
  t.same(documentAt(foundIn([session], unparsed), 1e9), { status: 'uploaded', updatedAt: 2_000, failure: null })
  t.same(sessionAt(session, 1e9), { status: 'pending', name: 'March', updatedAt: 0 })
  t.same(eventsOf(session), [2_000])
  t.same(eventsOfDocument(foundIn([session], unparsed)), [2_000])
})

t.test('attaching a document to a completed session changes nothing until a run includes it', async t => {
  const session = sessionWith({ runsAt: [11_000] })
  const attached = { ...session, documents: [...session.documents, unparsed] }
  follow(t, attached, [[112, 'completed', 'processed', 'uploaded', 'run-1 completed']])
  const parsing = { ...session.documents[0].parsings[0] as Parsing, requestedAt: 200_000 }
  const parsed = { ...unparsed, parsings: [parsing] }
  const [run] = session.runs as [Session['runs'][number]]
  const again = { ...run, id: 'run-2', requestedAt: 200_000, inputs: [...run.inputs, { document: parsed, parsing }] }
  follow(t, { ...attached, documents: [...session.documents, parsed], runs: [run, again] }, [
    [200, 'processing', 'processed', 'queued', 'run-1 completed', 'run-2 parsing_pending'],
    [201, 'processing', 'processed', 'parsing', 'run-1 completed', 'run-2 parsing_pending'],
    [211, 'processing', 'processed', 'parsed', 'run-1 completed', 'run-2 created'],
    [312, 'completed', 'processed', 'processed', 'run-1 completed', 'run-2 completed']
  ])
})

t.test('a failed document fails the sessions that it is attached to, but not the runs over other documents', async t => {
  const session = sessionWith({ runsAt: [11_000] })
  const failing = planned(session.documents[0], 'failing', { parseMs: 19_000, failure: 'broken' })
  follow(t, { ...session, documents: [...session.documents, failing] }, [
    [19.999, 'processing', 'parsed', 'parsing', 'run-1 processing'],
    [20, 'failed', 'parsed', 'failed', 'run-1 processing'],
    [112, 'failed', 'processed', 'failed', 'run-1 completed']
  ])
})

t.test('a document is processed when the first run over it has completed in any of its sessions', async t => {
  const one = sessionWith({ runsAt: [50_000] })
  const other = { ...sessionWith({ runsAt: [20_000] }), id: 'other' }
  const [document] = one.documents
  const at = (now: number): object => documentAt(foundIn([one, other], document), now)
  t.same(at(120_999), { status: 'parsed', updatedAt: 11_000, failure: null })
  t.same(at(121_000), { status: 'processed', updatedAt: 121_000, failure: null })
  t.same(at(1e9), { status: 'processed', updatedAt: 121_000, failure: null }, 'a later run changes nothing')
  t.same(documentAt(foundIn([one], document), 1e9), { status: 'processed', updatedAt: 151_000, failure: null })
  t.same(documentAt(foundIn([], document), 1e9), { status: 'parsed', updatedAt: 11_000, failure: null })
  t.same(eventsOfDocument(foundIn([one, other], document)), [0, 1_000, 11_000, 121_000])
})

t.test('a document has the status of its last parsing, and is processed only by runs over that parsing', async t => {
  const session = sessionWith({ runsAt: [11_000] })
  const [document] = session.documents
  const again = { ...document.parsings[0] as Parsing, index: 1, configHash: 'other', requestedAt: 200_000 }
  const reparsed = { ...document, parsings: [...document.parsings, again] }
  const after = { ...session, documents: [reparsed] }
  follow(t, after, [
    [200, 'completed', 'queued', 'run-1 completed'],
    [201, 'completed', 'parsing', 'run-1 completed'],
    [211, 'completed', 'parsed', 'run-1 completed'],
    [1e6, 'completed', 'parsed', 'run-1 completed']
  ])
  t.equal(sessionAt(after, 205_000).updatedAt, 201_000)
  const [run] = session.runs as [Session['runs'][number]]
  follow(t, { ...after, runs: [run, { ...run, id: 'run-2', requestedAt: 300_000, inputs: [{ document: reparsed, parsing: again }] }] }, [
    [400.999, 'processing', 'parsed', 'run-1 completed', 'run-2 processing'],
    [401, 'completed', 'processed', 'run-1 completed', 'run-2 completed']
  ])
  const failed = { ...again, plan: { ...again.plan, failure: 'broken' } }
  follow(t, { ...session, documents: [{ ...document, parsings: [...document.parsings, failed] }] }, [
    [210.999, 'completed', 'parsing', 'run-1 completed'],
    [211, 'failed', 'failed', 'run-1 completed']
  ])
})

t.test('a new parsing replaces a failed one for the document, but not for the runs over it', async t => {
  const session = sessionWith({ auto: true, parse: { failure: 'broken' } })
  const [document] = session.documents
  const [failed] = document.parsings as [Parsing]
  const again = { ...failed, index: 1, requestedAt: 20_000, plan: { ...failed.plan, failure: null } }
  follow(t, { ...session, documents: [{ ...document, parsings: [failed, again] }] }, [
    [20, 'failed', 'queued', 'automatic failed'],
    [31, 'failed', 'parsed', 'automatic failed']
  ])
  const found = foundIn([session], { ...document, parsings: [failed, again] })
  t.same(documentAt(found, 31_000), { status: 'parsed', updatedAt: 31_000, failure: null })
})

t.test('a session takes the name of its document even if that was detached', async t => {
  const session = { ...sessionWith(), documents: [] }
  t.same(eventsOf(session), [1_000])
  t.same(sessionAt(session, 999), { status: 'pending', name: 'Pending...', updatedAt: 0 })
  t.same(sessionAt(session, 1_000), { status: 'pending', name: 'invoice.pdf', updatedAt: 1_000 })
})

t.test('a session keeps a fixed name, and its renaming counts as a change', async t => {
  const session = { ...sessionWith(), name: 'March', renamedAt: 5_000 }
  t.same(sessionAt(session, 5_000), { status: 'processing', name: 'March', updatedAt: 5_000 })
  t.same(sessionAt(session, 11_000), { status: 'pending', name: 'March', updatedAt: 11_000 })
})

t.test('the automatic run is upcoming until parsing ends', async t => {
  const session = sessionWith({ auto: true, runsAt: [5_000] })
  const [document] = session.documents
  const upcoming = (now: number, over = document): string[] => comingRunsOver(over, session, now).map(({ id }) => id)
  t.same([5_000, 10_999, 11_000].map(now => upcoming(now)), [['automatic'], ['automatic'], []])
  t.same(upcoming(5_000, { ...document, id: 'other' }), [])
})

t.test('a run is ready when its documents are parsed, at the earliest when it is requested', async t => {
  const session = sessionWith({ auto: true, runsAt: [5_000, 50_000] })
  t.same(['automatic', 'run-1', 'run-2'].map(id => runOf(session, id).readyAt), [11_000, 11_000, 50_000])
  t.same(runOf(session, 'automatic').run, { ...session.automaticRun, requestedAt: 11_000 })
  t.throws(() => runOf(session, 'unknown'), new Error('assertion failed: the run is in its session'))
})

t.test('a result names its documents and its template', async t => {
  const session = sessionWith({ runsAt: [11_000] })
  t.same(resultAt({ ...session, documents: [] }, 'run-1', 112_000), {
    id: 'run-1',
    template: session.template,
    documents: session.documents,
    status: 'completed',
    createdAt: 11_000,
    updatedAt: 112_000,
    completedAt: 112_000,
    failure: null,
    fixture: null
  })
})

t.test('a session is named Pending... until parsing begins, then after its document', async t => {
  const session = sessionWith({ auto: true })
  t.same(sessionAt(session, 0), { status: 'pending', name: 'Pending...', updatedAt: 0 })
  t.same(sessionAt(session, 999), { status: 'pending', name: 'Pending...', updatedAt: 0 })
  t.same(sessionAt(session, 1_500), { status: 'processing', name: 'invoice.pdf', updatedAt: 1_000 })
  t.same(sessionAt(session, 11_500), { status: 'processing', name: 'invoice.pdf', updatedAt: 11_000 })
  t.same(sessionAt(session, 12_500), { status: 'processing', name: 'invoice.pdf', updatedAt: 12_000 })
  t.same(sessionAt(session, 1e9), { status: 'completed', name: 'invoice.pdf', updatedAt: 112_000 })
})

t.test('with lateName a session takes its name when parsing ends', async t => {
  const session = sessionWith({ parse: { lateName: true } })
  t.equal(sessionAt(session, 10_999).name, 'Pending...')
  t.equal(sessionAt(session, 11_000).name, 'invoice.pdf')
})

t.test('work that never ends is no event to wait for', async t => {
  const session = sessionWith({ auto: true, extract: { extractMs: Infinity } })
  t.equal(nextEventAt(session, 12_000), undefined)
  t.match(resultsAt(session, 1e15), [{ status: 'processing', completedAt: null }])
  const stuck = sessionWith({ auto: true, runsAt: [0], parse: { parseMs: Infinity } })
  t.match(resultsAt(stuck, 1e15), [{ status: 'parsing_pending' }])
  t.equal(sessionAt(stuck, 1e15).status, 'processing')
})

t.test('a session without documents stays pending', async t => {
  const session = { ...sessionWith(), name: 'March', documents: [] }
  t.same(sessionAt(session, 1e9), { status: 'pending', name: 'March', updatedAt: 0 })
  t.equal(nextEventAt(session, 0), undefined)
})

t.test('a document goes by its own name, as its uploader named it, or else as its key tells', async t => {
  const [document] = sessionWith().documents
  t.equal(filenameOf(document), 'invoice.pdf')
  t.equal(filenameOf({ ...document, upload: uploadOf() }), 'invoice.pdf')
  t.equal(filenameOf({ ...document, upload: uploadOf({ filename: 'March.pdf' }) }), 'March.pdf')
  t.equal(filenameOf({ ...document, filename: 'April.pdf', upload: uploadOf({ filename: 'March.pdf' }) }), 'April.pdf')
})

t.test('the status of a parsing is independent of the runs over it', async t => {
  const session = sessionWith({ auto: true })
  const [document] = session.documents
  const [parsing] = document.parsings as [Parsing]
  const table: Array<[now: number, document: string, updatedAt: number, parsing: string, updatedAt: number]> = [
    [0, 'queued', 0, 'queued', 0],
    [1_000, 'parsing', 1_000, 'parsing', 1_000],
    [11_000, 'parsed', 11_000, 'ready', 11_000],
    [112_000, 'processed', 112_000, 'ready', 11_000]
  ]
  for (const [now, status, updatedAt, parsingStatus, parsingUpdatedAt] of table) {
    t.same(documentAt(foundIn([session], document), now), { status, updatedAt, failure: null })
    t.same(parsingAt(parsing, now), { status: parsingStatus, updatedAt: parsingUpdatedAt })
  }
  const parsedLater = { ...document, parsings: [{ ...parsing, requestedAt: 5_000 }] }
  t.same(documentAt(foundIn([session], parsedLater), 0), { status: 'uploaded', updatedAt: 0, failure: null })
})

t.test('a session has a next event until all its work has ended', async t => {
  const events: number[] = []
  const session = sessionWith({ auto: true })
  for (let at = nextEventAt(session, 0); at !== undefined; at = nextEventAt(session, at)) events.push(at)
  t.same(events, [1_000, 11_000, 12_000, 112_000])
})

/** Returns the states of all sessions and documents. */
function statesAt ({ documents, sessions }: Pick<RandomRecords, 'documents' | 'sessions'>, now: number): unknown {
  return [sessions.map(session => sessionStatesAt(session, now)), documents.map(document => documentAt(foundIn(sessions, document), now))]
}

function sessionStatesAt (session: Session, now: number): unknown {
  const documents = session.documents.map(document => documentAt(foundIn([session], document), now))
  return [sessionAt(session, now), resultsAt(session, now), documents]
}

/** Returns whether the state changes at every event and at no other instant. */
function changesOnlyAtEvents (stateAt: (now: number) => unknown, nextAfter: (now: number) => number | undefined, now: number): boolean {
  const same = (one: number, other: number): boolean => JSON.stringify(stateAt(one)) === JSON.stringify(stateAt(other))
  for (let next = nextAfter(now); next !== undefined; now = next, next = nextAfter(now)) {
    if (next <= now || !same(now, next - 1) || same(now, next)) return false
  }
  return same(now, 1e15)
}

const instants = fc.array(fc.nat({ max: 100_000 }), { minLength: 1, maxLength: 30 })
const later = fc.nat({ max: 50_000 })

t.test('an instant has one state, in any order and number of reads', async () => {
  fc.assert(fc.property(randomRecords, instants, (records, instants) => {
    const first = new Map([...instants].sort((a, b) => a - b).map(now => [now, JSON.stringify(statesAt(records, now))]))
    return instants.every(now => JSON.stringify(statesAt(records, now)) === first.get(now))
  }))
})

t.test('a session changes at its events only', async () => {
  fc.assert(fc.property(randomRecords, later, ({ sessions, settledAt }, later) => sessions.every(session =>
    changesOnlyAtEvents(now => sessionStatesAt(session, now), now => nextEventAt(session, now), settledAt + later))))
})

t.test('a document changes at its events only', async () => {
  fc.assert(fc.property(randomRecords, later, ({ documents, sessions, settledAt }, later) => documents.every(document =>
    changesOnlyAtEvents(
      now => documentAt(foundIn(sessions, document), now),
      now => eventsOfDocument(foundIn(sessions, document)).find(at => at > now),
      settledAt + later
    ))))
})

/** The permitted transitions, by status. */
const TRANSITIONS = {
  document: { uploaded: ['queued'], queued: ['parsing'], parsing: ['parsed', 'failed'], parsed: ['processed'], processed: [], failed: [] },
  result: {
    parsing_pending: ['created', 'failed'],
    created: ['processing'],
    processing: ['completed', 'failed'],
    completed: [],
    failed: []
  },
  session: { pending: ['processing'], processing: ['pending', 'completed', 'failed'], completed: [], failed: [] }
} satisfies Record<string, Record<string, string[]>>

/** Returns whether each status can be reached from the one before by permitted transitions. */
function follows (transitions: Readonly<Record<string, readonly string[]>>, statuses: readonly string[]): boolean {
  const reachableFrom = (from: string): Set<string> => {
    const reached = new Set([from])
    for (const status of reached) for (const next of transitions[status] ?? []) reached.add(next)
    return reached
  }
  return statuses.every((status, index) => reachableFrom(statuses[index - 1] ?? status).has(status))
}

t.test('documents and results follow the documented transitions, and an ended result never changes', async () => {
  fc.assert(fc.property(randomRecords, instants, ({ documents, sessions, settledAt }, instants) => {
    const ordered = instants.map(later => settledAt + later).sort((a, b) => a - b)
    const results = sessions.flatMap(session => {
      const all = ordered.map(now => resultsAt(session, now))
      const ids = new Set(all.flat().map(({ id }) => id))
      return [...ids].map(id => all.flat().filter(result => result.id === id))
    })
    const documentStatuses = documents.map(document => ordered.map(now => documentAt(foundIn(sessions, document), now).status))
    return documentStatuses.every(statuses => follows(TRANSITIONS.document, statuses)) &&
      results.every(states => follows(TRANSITIONS.result, states.map(({ status }) => status))) &&
      results.every(states => {
        const ended = states.filter(({ completedAt }) => completedAt !== null)
        return new Set(ended.map(state => JSON.stringify(state))).size <= 1
      })
  }))
})

t.test('a session with one parsing follows the documented transitions after its last request', async () => {
  const length = fc.nat({ max: 10_000 })
  const failure = fc.option(fc.constant('a reason'), { nil: null })
  const sessions = fc.record({
    parse: fc.record({ queueMs: length, parseMs: length, failure }),
    extract: fc.record({ queueMs: length, extractMs: length, failure }),
    auto: fc.boolean(),
    runsAt: fc.array(length, { maxLength: 4 }).map(instants => instants.sort((a, b) => a - b))
  }).map(sessionWith)
  fc.assert(fc.property(sessions, instants, (session, instants) => {
    const requestedAt = Math.max(0, ...session.runs.map(({ requestedAt }) => requestedAt))
    const ordered = instants.map(later => requestedAt + later).sort((a, b) => a - b)
    return follows(TRANSITIONS.session, ordered.map(now => sessionAt(session, now).status)) &&
      resultsAt(session, 1_000_000).length === session.runs.length + (session.autoExtract === true ? 1 : 0) &&
      resultsAt(session, 1_000_000).every(({ status, failure }) => {
        return status === 'completed' || (status === 'failed' && failure === 'a reason')
      })
  }))
})

t.test('every run whose work ends comes to an end, and a failed one has its reason', async () => {
  const endsWithReason = (session: Session, { id, status, failure }: ResultState): boolean => {
    const { run: { plan, inputs } } = runOf(session, id)
    const parsings = inputs.map(({ parsing }) => parsing.plan)
    const endless = parsings.every(({ parseMs, failure }) => failure === null || parseMs === Infinity)
      ? parsings.some(({ parseMs }) => parseMs === Infinity) || plan.extractMs === Infinity
      : false
    const reasons = [...parsings.map(({ failure }) => failure), plan.failure].filter(reason => reason !== null)
    if (endless) return failure === null
    if (status === 'completed') return failure === null && reasons.length === 0
    return status === 'failed' && reasons.some(reason => reason === failure)
  }
  fc.assert(fc.property(randomRecords, ({ sessions }) => sessions.every(session => {
    return resultsAt(session, 1e15).every(result => endsWithReason(session, result))
  })))
})
