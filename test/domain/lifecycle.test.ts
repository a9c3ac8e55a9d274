import t, { type Test } from 'tap'
import fc from 'fast-check'
import type { Session } from '../../src/domain/records.ts'
import {
  DOCUMENT_STATUSES, documentAt, filenameOf, nextEventAt, RESULT_STATUSES, resultAt, resultsAt, sessionAt
} from '../../src/domain/lifecycle.ts'
import { sessionWith } from './records.ts'

/** Holds a session to a table: at each instant (in seconds) the status of session, document and each result. */
function follow (t: Test, session: Session, table: Array<[seconds: number, session: string, document: string, ...results: string[]]>): void {
  for (const [seconds, ...expected] of table) {
    const now = seconds * 1000
    const seen = [
      sessionAt(session, now).status,
      ...session.documents.map(document => documentAt(session, document, now).status),
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
  t.same(documentAt(session, document, 50_000), {
    status: 'failed',
    updatedAt: 11_000,
    failure: 'The file is encrypted.',
    parsing: { status: 'failed', updatedAt: 11_000 }
  })
})

t.test('when an extraction fails, its result says why and the document stays parsed', async t => {
  const session = sessionWith({ runsAt: [20_000], extract: { failure: 'The model gave up.' } })
  follow(t, session, [
    [120.999, 'processing', 'parsed', 'run-1 processing'],
    [121, 'failed', 'parsed', 'run-1 failed']
  ])
  t.match(resultAt(session, 'run-1', 121_000), { status: 'failed', failure: 'The model gave up.', completedAt: 121_000, updatedAt: 121_000 })
})

t.test('with several documents parsing ends with the last of them, or with the first that fails', async t => {
  const { documents: [document], ...session } = sessionWith({ auto: true })
  const slow = { ...document, id: 'slow', parse: { askedAt: 0, plan: { ...document.parse.plan, parseMs: 60_000 } } }
  follow(t, { ...session, documents: [document, slow] }, [
    [60.999, 'processing', 'parsed', 'parsing'],
    [61, 'processing', 'parsed', 'parsed', 'automatic created']
  ])
  const failing = { ...slow, parse: { askedAt: 0, plan: { ...document.parse.plan, queueMs: 0, parseMs: 5_000, failure: 'broken' } } }
  const worse = { ...slow, parse: { askedAt: 0, plan: { ...document.parse.plan, queueMs: 0, parseMs: 6_000, failure: 'worse' } } }
  const broken = { ...session, documents: [document, failing, worse] }
  follow(t, broken, [[5, 'failed', 'parsing', 'failed', 'parsing', 'automatic failed']])
  t.equal(resultAt(broken, 'automatic', 6_000)?.failure, 'broken')
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
  const session = { ...sessionWith(), documents: [] }
  t.same(sessionAt(session, 1e9), { status: 'pending', name: 'Pending...', updatedAt: 0 })
  t.equal(nextEventAt(session, 0), undefined)
})

t.test('a document is called as its uploader named it, or else as its key tells', async t => {
  const [document] = sessionWith().documents
  const upload = { key: document.key, contentType: 'application/pdf', size: 1, sha256: '', uploadedAt: 0 }
  t.equal(filenameOf(document), 'invoice.pdf')
  t.equal(filenameOf({ ...document, upload: { ...upload, filename: null } }), 'invoice.pdf')
  t.equal(filenameOf({ ...document, upload: { ...upload, filename: 'March.pdf' } }), 'March.pdf')
})

t.test('the parsing of a document is told apart from what becomes of it later', async t => {
  const session = sessionWith({ auto: true })
  const [document] = session.documents
  t.same(documentAt(session, document, 0), { status: 'queued', updatedAt: 0, failure: null, parsing: { status: 'queued', updatedAt: 0 } })
  t.same(documentAt(session, document, 112_000), { status: 'processed', updatedAt: 112_000, failure: null, parsing: { status: 'ready', updatedAt: 11_000 } })
  const unasked = { ...document, parse: { ...document.parse, askedAt: 5_000 } }
  t.same(documentAt(session, unasked, 0), { status: 'uploaded', updatedAt: 0, failure: null, parsing: null })
})

t.test('the next event of a session is named until all is done', async t => {
  const events: number[] = []
  const session = sessionWith({ auto: true })
  for (let at = nextEventAt(session, 0); at !== undefined; at = nextEventAt(session, at)) events.push(at)
  t.same(events, [1_000, 11_000, 12_000, 112_000])
})

const milliseconds = fc.nat({ max: 10_000 })
const failure = fc.option(fc.constant('a reason'))
const sessions = fc.record({
  parse: fc.record({ queueMs: milliseconds, parseMs: milliseconds, failure }),
  extract: fc.record({ queueMs: milliseconds, extractMs: milliseconds, failure }),
  auto: fc.boolean(),
  runsAt: fc.array(milliseconds, { maxLength: 4 }).map(instants => instants.sort((a, b) => a - b))
}).map(sessionWith)
const instants = fc.array(fc.nat({ max: 50_000 }), { minLength: 1, maxLength: 30 })

function everythingAt (session: Session, now: number): unknown {
  return [sessionAt(session, now), resultsAt(session, now), session.documents.map(document => documentAt(session, document, now)), nextEventAt(session, now)]
}

t.test('whatever the order and number of reads, the same instant gives the same answer', async () => {
  fc.assert(fc.property(sessions, instants, (session, instants) => {
    const first = new Map([...instants].sort((a, b) => a - b).map(now => [now, JSON.stringify(everythingAt(session, now))]))
    return instants.every(now => JSON.stringify(everythingAt(session, now)) === first.get(now))
  }))
})

t.test('statuses of documents and results never go back, and what has ended stays as it is', async () => {
  fc.assert(fc.property(sessions, instants, (session, instants) => {
    const ordered = [...instants].sort((a, b) => a - b)
    const documents = ordered.map(now => documentAt(session, session.documents[0], now).status)
    const runs = ordered.map(now => resultsAt(session, now))
    const ascending = (ranks: number[]): boolean => ranks.every((rank, index) => index === 0 || rank >= (ranks[index - 1] ?? 0))
    const ids = new Set(runs.flat().map(({ id }) => id))
    return ascending(documents.map(status => DOCUMENT_STATUSES.indexOf(status))) &&
      ascending(runs.map(results => results.length)) &&
      [...ids].every(id => {
        const states = runs.flatMap(results => results.filter(result => result.id === id))
        const ends = states.filter(({ completedAt }) => completedAt !== null).map(state => JSON.stringify(state))
        return ascending(states.map(({ status }) => RESULT_STATUSES.indexOf(status))) && new Set(ends).size <= 1
      })
  }))
})

t.test('nothing changes between one event and the next', async () => {
  fc.assert(fc.property(sessions, fc.nat({ max: 50_000 }), (session, now) => {
    const next = nextEventAt(session, now)
    // Runs that somebody asks for later are commands, not events.
    if (session.runs.some(run => run.askedAt > now)) return true
    const until = next === undefined ? now + 1_000_000 : next - 1
    return JSON.stringify(everythingAt(session, until)) === JSON.stringify(everythingAt(session, now))
  }))
})

t.test('every run comes to an end', async () => {
  fc.assert(fc.property(sessions, session => {
    const results = resultsAt(session, 1_000_000)
    return results.length === session.runs.length + (session.autoExtract ? 1 : 0) &&
      results.every(({ status, failure }) => status === 'completed' || (status === 'failed' && failure === 'a reason'))
  }))
})
