import t, { type Test } from 'tap'
import fc from 'fast-check'
import type { Document, Parsing, Session } from '../../../src/domain/lifecycle/records.ts'
import {
  comingRunsOver, documentAt, eventsOf, eventsOfDocument, filenameOf, nextEventAt, parsingAt, resultAt, resultsAt, runOf, sessionAt
} from '../../../src/domain/lifecycle/lifecycle.ts'
import { newDocument } from '../../../src/domain/lifecycle/new-document.ts'
import { sessionWith, uploadOf } from '../records.ts'
import { worlds, type RandomWorld } from '../arbitrary.ts'

/** Holds a session to a table: at each instant (in seconds) the status of session, document and each result. */
function follow (t: Test, session: Session, table: Array<[seconds: number, session: string, document: string, ...results: string[]]>): void {
  for (const [seconds, ...expected] of table) {
    const now = seconds * 1000
    const seen = [
      sessionAt(session, now).status,
      ...session.documents.map(document => documentAt(document, [session], now).status),
      ...resultsAt(session, now).map(({ id, status }) => `${id} ${status}`)
    ]
    t.same(seen, expected, `at ${seconds} s`)
  }
}

t.test('without auto_extract a session is parsed and then waits', async t => {
  follow(t, sessionWith(), [
    [0, 'pending', 'queued'],
    [0.999, 'pending', 'queued'],
    [1, 'processing', 'parsing'],
    [10.999, 'processing', 'parsing'],
    [11, 'pending', 'parsed'],
    [1e6, 'pending', 'parsed']
  ])
})

t.test('with auto_extract a run comes into being at the instant parsing ends', async t => {
  follow(t, sessionWith({ auto: true }), [
    [0, 'pending', 'queued'],
    [10.999, 'processing', 'parsing'],
    [11, 'processing', 'parsed', 'automatic created'],
    [12, 'processing', 'parsed', 'automatic processing'],
    [111.999, 'processing', 'parsed', 'automatic processing'],
    [112, 'completed', 'processed', 'automatic completed']
  ])
})

t.test('a run asked for on a parsed session goes from created to completed', async t => {
  follow(t, sessionWith({ runsAt: [50_000] }), [
    [49.999, 'pending', 'parsed'],
    [50, 'processing', 'parsed', 'run-1 created'],
    [51, 'processing', 'parsed', 'run-1 processing'],
    [151, 'completed', 'processed', 'run-1 completed']
  ])
})

t.test('a run asked for before parsing has ended shows parsing_pending and goes on when it ends', async t => {
  follow(t, sessionWith({ runsAt: [0] }), [
    [0, 'processing', 'queued', 'run-1 parsing_pending'],
    [10.999, 'processing', 'parsing', 'run-1 parsing_pending'],
    [11, 'processing', 'parsed', 'run-1 created'],
    [12, 'processing', 'parsed', 'run-1 processing'],
    [112, 'completed', 'processed', 'run-1 completed']
  ])
})

t.test('a run asked for on an auto_extract session is a second one, listed by the time it came into being', async t => {
  follow(t, sessionWith({ auto: true, runsAt: [5_000, 200_000] }), [
    [5, 'processing', 'parsing', 'run-1 parsing_pending'],
    [11, 'processing', 'parsed', 'run-1 created', 'automatic created'],
    [112, 'completed', 'processed', 'run-1 completed', 'automatic completed'],
    [200, 'processing', 'processed', 'run-1 completed', 'automatic completed', 'run-2 created'],
    [301, 'completed', 'processed', 'run-1 completed', 'automatic completed', 'run-2 completed']
  ])
  follow(t, sessionWith({ auto: true, runsAt: [11_000] }), [[11, 'processing', 'parsed', 'automatic created', 'run-1 created']])
})

t.test('when parsing fails, the document, the session and every run fail, the automatic one too', async t => {
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
  t.same(documentAt(document, [session], 50_000), { status: 'failed', updatedAt: 11_000, failure: 'The file is encrypted.' })
  t.same(parsingAt(document.parsings[0] as Parsing, 50_000), { status: 'failed', updatedAt: 11_000 })
})

t.test('when an extraction fails, its result says why and the document stays parsed', async t => {
  const session = sessionWith({ runsAt: [20_000], extract: { failure: 'The model gave up.' } })
  follow(t, session, [
    [120.999, 'processing', 'parsed', 'run-1 processing'],
    [121, 'failed', 'parsed', 'run-1 failed']
  ])
  t.match(resultAt(session, 'run-1', 121_000), { status: 'failed', failure: 'The model gave up.', completedAt: 121_000, updatedAt: 121_000 })
})

/** The document with another plan for its only parsing, and another id. */
function planned (document: Document, id: string, plan: Partial<Parsing['plan']>): Document {
  const parsing = document.parsings[0] as Parsing
  return { ...document, id, parsings: [{ ...parsing, plan: { ...parsing.plan, ...plan } }] }
}

/** The session with other documents, all of which its automatic run takes. */
function over (session: Session, documents: Document[]): Session {
  const inputs = documents.map(document => ({ document, parsing: document.parsings[0] as Parsing }))
  return { ...session, documents, automaticRun: session.automaticRun && { ...session.automaticRun, inputs } }
}

t.test('with several documents parsing ends with the last of them, or with the first that fails', async t => {
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
  t.equal(resultAt(over(session, [document, worse, failing]), 'automatic', 6_000)?.failure, 'broken', 'whatever their order')
})

/** A document that nobody has asked to parse. */
const unparsed = newDocument({ id: 'unparsed', workspaceId: 1, key: 'tmp/unparsed.pdf', upload: null, createdAt: 2_000 })

t.test('a document that nobody has asked to parse stays uploaded, and a session with nothing else pending', async t => {
  const session = { ...sessionWith(), name: 'March', documents: [unparsed] }
  follow(t, session, [[2, 'pending', 'uploaded'], [1e6, 'pending', 'uploaded']])
  t.same(documentAt(unparsed, [session], 1e9), { status: 'uploaded', updatedAt: 2_000, failure: null })
  t.same(sessionAt(session, 1e9), { status: 'pending', name: 'March', updatedAt: 0 })
  t.same(eventsOf(session), [2_000])
  t.same(eventsOfDocument(unparsed, [session]), [2_000])
})

t.test('a document that is attached when the work is done changes nothing until a run takes it', async t => {
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

t.test('a document that fails makes a session fail that it is attached to, though not the runs over others', async t => {
  const session = sessionWith({ runsAt: [11_000] })
  const failing = planned(session.documents[0], 'failing', { parseMs: 19_000, failure: 'broken' })
  follow(t, { ...session, documents: [...session.documents, failing] }, [
    [19.999, 'processing', 'parsed', 'parsing', 'run-1 processing'],
    [20, 'failed', 'parsed', 'failed', 'run-1 processing'],
    [112, 'failed', 'processed', 'failed', 'run-1 completed']
  ])
})

t.test('several sessions share what becomes of a document: it is processed when the first run over it has completed', async t => {
  const one = sessionWith({ runsAt: [50_000] })
  const other = { ...sessionWith({ runsAt: [20_000] }), id: 'other' }
  const [document] = one.documents
  const at = (now: number): object => documentAt(document, [one, other], now)
  t.same(at(120_999), { status: 'parsed', updatedAt: 11_000, failure: null })
  t.same(at(121_000), { status: 'processed', updatedAt: 121_000, failure: null })
  t.same(at(1e9), { status: 'processed', updatedAt: 121_000, failure: null }, 'a later run does not change that')
  t.same(documentAt(document, [one], 1e9), { status: 'processed', updatedAt: 151_000, failure: null })
  t.same(documentAt(document, [], 1e9), { status: 'parsed', updatedAt: 11_000, failure: null })
  t.same(eventsOfDocument(document, [one, other]), [0, 1_000, 11_000, 121_000])
})

t.test('a document that is parsed again is what its last parsing is, and processed only by runs over that', async t => {
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

t.test('a parsing that failed is forgotten with the next one, but not by the runs over it', async t => {
  const session = sessionWith({ auto: true, parse: { failure: 'broken' } })
  const [document] = session.documents
  const [failed] = document.parsings as [Parsing]
  const again = { ...failed, index: 1, requestedAt: 20_000, plan: { ...failed.plan, failure: null } }
  follow(t, { ...session, documents: [{ ...document, parsings: [failed, again] }] }, [
    [20, 'failed', 'queued', 'automatic failed'],
    [31, 'failed', 'parsed', 'automatic failed']
  ])
  t.same(documentAt({ ...document, parsings: [failed, again] }, [session], 31_000), { status: 'parsed', updatedAt: 31_000, failure: null })
})

t.test('a session whose document was detached still comes by its name', async t => {
  const session = { ...sessionWith(), documents: [] }
  t.same(eventsOf(session), [1_000])
  t.same(sessionAt(session, 999), { status: 'pending', name: 'Pending...', updatedAt: 0 })
  t.same(sessionAt(session, 1_000), { status: 'pending', name: 'invoice.pdf', updatedAt: 1_000 })
})

t.test('a session with a name of its own keeps it, and was changed when it was given one', async t => {
  const session = { ...sessionWith(), name: 'March', renamedAt: 5_000 }
  t.same(sessionAt(session, 5_000), { status: 'processing', name: 'March', updatedAt: 5_000 })
  t.same(sessionAt(session, 11_000), { status: 'pending', name: 'March', updatedAt: 11_000 })
})

t.test('only a run that starts by itself is still to come, and only until parsing ends', async t => {
  const session = sessionWith({ auto: true, runsAt: [5_000] })
  const [document] = session.documents
  const coming = (now: number, of = document): string[] => comingRunsOver(of, [session], now).map(({ id }) => id)
  t.same([5_000, 10_999, 11_000].map(now => coming(now)), [['automatic'], ['automatic'], []])
  t.same(coming(5_000, { ...document, id: 'other' }), [])
})

t.test('a run is ready when its documents are parsed, or when it was asked for', async t => {
  const session = sessionWith({ auto: true, runsAt: [5_000, 50_000] })
  t.same(['automatic', 'run-1', 'run-2'].map(id => runOf(session, id).readyAt), [11_000, 11_000, 50_000])
  t.same(runOf(session, 'automatic').run, { ...session.automaticRun, requestedAt: 11_000 })
})

t.test('a result tells which documents it is about, and by which template', async t => {
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

t.test('a session is called Pending... until parsing begins, then by the name of its document', async t => {
  const session = sessionWith({ auto: true })
  t.same(sessionAt(session, 0), { status: 'pending', name: 'Pending...', updatedAt: 0 })
  t.same(sessionAt(session, 999), { status: 'pending', name: 'Pending...', updatedAt: 0 })
  t.same(sessionAt(session, 1_500), { status: 'processing', name: 'invoice.pdf', updatedAt: 1_000 })
  t.same(sessionAt(session, 11_500), { status: 'processing', name: 'invoice.pdf', updatedAt: 11_000 })
  t.same(sessionAt(session, 12_500), { status: 'processing', name: 'invoice.pdf', updatedAt: 12_000 })
  t.same(sessionAt(session, 1e9), { status: 'completed', name: 'invoice.pdf', updatedAt: 112_000 })
})

t.test('a session may take its name only when parsing has ended', async t => {
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

t.test('the parsing of a document is told apart from what becomes of it later', async t => {
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
    t.same(documentAt(document, [session], now), { status, updatedAt, failure: null })
    t.same(parsingAt(parsing, now), { status: parsingStatus, updatedAt: parsingUpdatedAt })
  }
  t.same(documentAt({ ...document, parsings: [{ ...parsing, requestedAt: 5_000 }] }, [session], 0), { status: 'uploaded', updatedAt: 0, failure: null })
})

t.test('the next event of a session is named until all is done', async t => {
  const events: number[] = []
  const session = sessionWith({ auto: true })
  for (let at = nextEventAt(session, 0); at !== undefined; at = nextEventAt(session, at)) events.push(at)
  t.same(events, [1_000, 11_000, 12_000, 112_000])
})

/** What there is to see of a session, with its documents, and of all documents. */
function everythingAt ({ documents, sessions }: Pick<RandomWorld, 'documents' | 'sessions'>, now: number): unknown {
  return [sessions.map(session => sessionSeenAt(session, now)), documents.map(document => documentAt(document, sessions, now))]
}

function sessionSeenAt (session: Session, now: number): unknown {
  return [sessionAt(session, now), resultsAt(session, now), session.documents.map(document => documentAt(document, [session], now))]
}

/** Whether what is seen at any instant stays as it is until the next event, is otherwise then, and never changes after the last. */
function changesExactlyAt (seenAt: (now: number) => unknown, nextAfter: (now: number) => number | undefined, now: number): boolean {
  const same = (one: number, other: number): boolean => JSON.stringify(seenAt(one)) === JSON.stringify(seenAt(other))
  for (let next = nextAfter(now); next !== undefined; now = next, next = nextAfter(now)) {
    if (next <= now || !same(now, next - 1) || same(now, next)) return false
  }
  return same(now, 1e15)
}

const instants = fc.array(fc.nat({ max: 100_000 }), { minLength: 1, maxLength: 30 })
const later = fc.nat({ max: 50_000 })

t.test('whatever the order and number of reads, the same instant gives the same answer', async () => {
  fc.assert(fc.property(worlds, instants, (world, instants) => {
    const first = new Map([...instants].sort((a, b) => a - b).map(now => [now, JSON.stringify(everythingAt(world, now))]))
    return instants.every(now => JSON.stringify(everythingAt(world, now)) === first.get(now))
  }))
})

t.test('the next event of a session is exactly its next change', async () => {
  fc.assert(fc.property(worlds, later, ({ sessions, settledAt }, later) => sessions.every(session =>
    changesExactlyAt(now => sessionSeenAt(session, now), now => nextEventAt(session, now), settledAt + later))))
})

t.test('so is that of a document', async () => {
  fc.assert(fc.property(worlds, later, ({ documents, sessions, settledAt }, later) => documents.every(document =>
    changesExactlyAt(now => documentAt(document, sessions, now), now => eventsOfDocument(document, sessions).find(at => at > now), settledAt + later))))
})

/** Where things may go from each status. */
const ARROWS = {
  document: { uploaded: ['queued'], queued: ['parsing'], parsing: ['parsed', 'failed'], parsed: ['processed'], processed: [], failed: [] },
  result: { parsing_pending: ['created', 'failed'], created: ['processing'], processing: ['completed', 'failed'], completed: [], failed: [] },
  session: { pending: ['processing'], processing: ['pending', 'completed', 'failed'], completed: [], failed: [] }
} satisfies Record<string, Record<string, string[]>>

/** Whether each of the statuses can be reached from the one before, by any number of arrows. */
function follows (arrows: Readonly<Record<string, readonly string[]>>, statuses: readonly string[]): boolean {
  const reach = (from: string): Set<string> => {
    const reached = new Set([from])
    for (const status of reached) for (const next of arrows[status] ?? []) reached.add(next)
    return reached
  }
  return statuses.every((status, index) => reach(String(statuses[index - 1] ?? status)).has(status))
}

t.test('documents and results only move along the documented arrows, and what has ended stays as it is', async () => {
  fc.assert(fc.property(worlds, instants, ({ documents, sessions, settledAt }, instants) => {
    const ordered = instants.map(later => settledAt + later).sort((a, b) => a - b)
    const results = sessions.flatMap(session => {
      const all = ordered.map(now => resultsAt(session, now))
      const ids = new Set(all.flat().map(({ id }) => id))
      return [...ids].map(id => all.flat().filter(result => result.id === id))
    })
    return documents.every(document => follows(ARROWS.document, ordered.map(now => documentAt(document, sessions, now).status))) &&
      results.every(states => follows(ARROWS.result, states.map(({ status }) => status))) &&
      results.every(states => new Set(states.filter(({ completedAt }) => completedAt !== null).map(state => JSON.stringify(state))).size <= 1)
  }))
})

t.test('so does a session whose document is parsed once, as long as nobody asks for more', async () => {
  const length = fc.nat({ max: 10_000 })
  const failure = fc.option(fc.constant('a reason'), { nil: null })
  const sessions = fc.record({
    parse: fc.record({ queueMs: length, parseMs: length, failure }),
    extract: fc.record({ queueMs: length, extractMs: length, failure }),
    auto: fc.boolean(),
    runsAt: fc.array(length, { maxLength: 4 }).map(instants => instants.sort((a, b) => a - b))
  }).map(sessionWith)
  fc.assert(fc.property(sessions, instants, (session, instants) => {
    const asked = Math.max(0, ...session.runs.map(({ requestedAt }) => requestedAt))
    const ordered = instants.map(later => asked + later).sort((a, b) => a - b)
    return follows(ARROWS.session, ordered.map(now => sessionAt(session, now).status)) &&
      resultsAt(session, 1_000_000).length === session.runs.length + (session.autoExtract === true ? 1 : 0) &&
      resultsAt(session, 1_000_000).every(({ status, failure }) => status === 'completed' || (status === 'failed' && failure === 'a reason'))
  }))
})

t.test('every run over work that ends comes to an end, and names why it failed', async () => {
  fc.assert(fc.property(worlds, ({ sessions }) => sessions.every(session => resultsAt(session, 1e15).every(({ id, status, failure }) => {
    const { run: { plan, inputs } } = runOf(session, id)
    const parsings = inputs.map(({ parsing }) => parsing.plan)
    const endless = parsings.every(({ parseMs, failure }) => failure === null || parseMs === Infinity)
      ? parsings.some(({ parseMs }) => parseMs === Infinity) || plan.extractMs === Infinity
      : false
    const reasons = [...parsings.map(({ failure }) => failure), plan.failure].filter(reason => reason !== null)
    return endless ? failure === null : status === 'completed' ? failure === null && reasons.length === 0 : status === 'failed' && reasons.includes(String(failure))
  }))))
})
