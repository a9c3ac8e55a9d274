import t from 'tap'
import fc from 'fast-check'
import {
  documentTimeline, nextEventOf, sessionTimeline, transitionsOf, type Timeline, type Transition
} from '../../../src/domain/lifecycle/transitions.ts'
import { foundIn, sessionWith } from '../records.ts'
import { randomRecords, type RandomRecords } from '../arbitrary.ts'

function timelinesOf ({ documents, sessions }: Pick<RandomRecords, 'documents' | 'sessions'>): Timeline[] {
  return [...sessions.map(sessionTimeline), ...documents.map(document => documentTimeline(foundIn(sessions, document)))]
}

t.test('the transitions of a session come in order, new results included', async t => {
  const timeline = sessionTimeline(sessionWith({ auto: true, runsAt: [5_000] }))
  t.equal(timeline.resource, 'session:session')
  t.same(transitionsOf(timeline, 0, 200_000), [
    { at: 1_000, resource: 'session:session', from: 'pending', to: 'processing' },
    { at: 5_000, resource: 'result:run-1', from: null, to: 'parsing_pending' },
    { at: 11_000, resource: 'result:run-1', from: 'parsing_pending', to: 'created' },
    { at: 11_000, resource: 'result:automatic', from: null, to: 'created' },
    { at: 12_000, resource: 'result:run-1', from: 'created', to: 'processing' },
    { at: 12_000, resource: 'result:automatic', from: 'created', to: 'processing' },
    { at: 112_000, resource: 'result:run-1', from: 'processing', to: 'completed' },
    { at: 112_000, resource: 'result:automatic', from: 'processing', to: 'completed' },
    { at: 112_000, resource: 'session:session', from: 'processing', to: 'completed' }
  ])
})

t.test('the transitions of a document reflect all of its sessions', async t => {
  const session = sessionWith({ auto: true })
  const [document] = session.documents
  const timeline = documentTimeline(foundIn([{ ...sessionWith({ runsAt: [20_000] }), id: 'other' }, session], document))
  t.equal(timeline.resource, 'document:document')
  t.same(transitionsOf(timeline, 0, 200_000), [
    { at: 1_000, resource: 'document:document', from: 'queued', to: 'parsing' },
    { at: 11_000, resource: 'document:document', from: 'parsing', to: 'parsed' },
    { at: 112_000, resource: 'document:document', from: 'parsed', to: 'processed' }
  ])
})

t.test('excludes transitions at the first instant and includes those at the last', async t => {
  const timeline = sessionTimeline(sessionWith())
  t.same(transitionsOf(timeline, 1_000, 11_000), [{ at: 11_000, resource: 'session:session', from: 'processing', to: 'pending' }])
  t.same(transitionsOf(timeline, 11_000, 11_000), [])
})

t.test('includes the changes of a request at the last instant, even if no time has passed', async t => {
  const before = sessionTimeline(sessionWith()).statusesAt(20_000)
  t.same(transitionsOf(sessionTimeline(sessionWith({ runsAt: [20_000] })), 20_000, 20_000, before), [
    { at: 20_000, resource: 'result:run-1', from: null, to: 'created' },
    { at: 20_000, resource: 'session:session', from: 'pending', to: 'processing' }
  ])
})

t.test('the next event is the first after an instant, undefined when all work has ended', async t => {
  const session = sessionWith({ auto: true })
  const [document] = session.documents
  const timelines = [sessionTimeline(session), documentTimeline(foundIn([session], document))]
  t.same(timelines.map(timeline => [0, 1_000, 11_000, 12_000, 112_000].map(now => nextEventOf(timeline, now))), [
    [1_000, 11_000, 12_000, 112_000, undefined],
    [1_000, 11_000, 112_000, 112_000, undefined]
  ])
})

const instants = fc.tuple(fc.nat({ max: 50_000 }), fc.nat({ max: 50_000 }), fc.nat({ max: 50_000 }))

t.test('two successive periods have the transitions of the whole period', async () => {
  fc.assert(fc.property(randomRecords, instants, (records, instants) => timelinesOf(records).every(timeline => {
    const [first, second, third] = instants.sort((a, b) => a - b).map(later => records.settledAt + later) as [number, number, number]
    const transitions = [...transitionsOf(timeline, first, second), ...transitionsOf(timeline, second, third)]
    return JSON.stringify(transitionsOf(timeline, first, third)) === JSON.stringify(transitions)
  })))
})

t.test('the transitions lead from the first statuses to the last', async () => {
  fc.assert(fc.property(randomRecords, fc.nat({ max: 50_000 }), (records, later) => timelinesOf(records).every(timeline => {
    const statuses = new Map<string, string | null>(timeline.statusesAt(records.settledAt))
    const transitions = transitionsOf(timeline, records.settledAt, records.settledAt + later)
    const connected = transitions.every(({ resource, from, to }: Transition) => {
      const fits = (statuses.get(resource) ?? null) === from && from !== to
      statuses.set(resource, to)
      return fits
    })
    const inOrder = transitions.every(({ at }, index) => at >= (transitions[index - 1]?.at ?? records.settledAt))
    const now = [...timeline.statusesAt(records.settledAt + later)]
    return connected && inOrder && statuses.size === now.length && now.every(([resource, status]) => statuses.get(resource) === status)
  })))
})
