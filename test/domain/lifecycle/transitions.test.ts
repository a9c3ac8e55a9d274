import t from 'tap'
import fc from 'fast-check'
import { documentTimeline, nextEventOf, sessionTimeline, transitionsOf, type Timeline, type Transition } from '../../../src/domain/lifecycle/transitions.ts'
import { sessionWith } from '../records.ts'
import { worlds, type RandomWorld } from '../arbitrary.ts'

function subjectsIn ({ documents, sessions }: Pick<RandomWorld, 'documents' | 'sessions'>): Timeline[] {
  return [...sessions.map(sessionTimeline), ...documents.map(document => documentTimeline({ document, sessions }))]
}

t.test('what changes about a session is told in order, with what comes into being', async t => {
  const subject = sessionTimeline(sessionWith({ auto: true, runsAt: [5_000] }))
  t.equal(subject.resource, 'session:session')
  t.same(transitionsOf(subject, 0, 200_000), [
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

t.test('what changes about a document is told for all of its sessions together', async t => {
  const session = sessionWith({ auto: true })
  const [document] = session.documents
  const subject = documentTimeline({ document, sessions: [{ ...sessionWith({ runsAt: [20_000] }), id: 'other' }, session] })
  t.equal(subject.resource, 'document:document')
  t.same(transitionsOf(subject, 0, 200_000), [
    { at: 1_000, resource: 'document:document', from: 'queued', to: 'parsing' },
    { at: 11_000, resource: 'document:document', from: 'parsing', to: 'parsed' },
    { at: 112_000, resource: 'document:document', from: 'parsed', to: 'processed' }
  ])
})

t.test('a change at the first instant was told before, one at the last belongs to it', async t => {
  const subject = sessionTimeline(sessionWith())
  t.same(transitionsOf(subject, 1_000, 11_000), [{ at: 11_000, resource: 'session:session', from: 'processing', to: 'pending' }])
  t.same(transitionsOf(subject, 11_000, 11_000), [])
})

t.test('what somebody has changed meanwhile is told at the end, though no time has gone by', async t => {
  const before = sessionTimeline(sessionWith()).statusesAt(20_000)
  t.same(transitionsOf(sessionTimeline(sessionWith({ runsAt: [20_000] })), 20_000, 20_000, before), [
    { at: 20_000, resource: 'result:run-1', from: null, to: 'created' },
    { at: 20_000, resource: 'session:session', from: 'pending', to: 'processing' }
  ])
})

t.test('the next event is the first after an instant, and there is none when all is done', async t => {
  const session = sessionWith({ auto: true })
  const [document] = session.documents
  const subjects = [sessionTimeline(session), documentTimeline({ document, sessions: [session] })]
  t.same(subjects.map(subject => [0, 1_000, 11_000, 12_000, 112_000].map(now => nextEventOf(subject, now))), [
    [1_000, 11_000, 12_000, 112_000, undefined],
    [1_000, 11_000, 112_000, 112_000, undefined]
  ])
})

const instants = fc.tuple(fc.nat({ max: 50_000 }), fc.nat({ max: 50_000 }), fc.nat({ max: 50_000 }))

t.test('whoever looks more often is told the same', async () => {
  fc.assert(fc.property(worlds, instants, (world, instants) => subjectsIn(world).every(subject => {
    const [first, second, third] = instants.sort((a, b) => a - b).map(later => world.settledAt + later) as [number, number, number]
    const told = [...transitionsOf(subject, first, second), ...transitionsOf(subject, second, third)]
    return JSON.stringify(transitionsOf(subject, first, third)) === JSON.stringify(told)
  })))
})

t.test('what is told leads from what was to what is', async () => {
  fc.assert(fc.property(worlds, fc.nat({ max: 50_000 }), (world, later) => subjectsIn(world).every(subject => {
    const statuses = new Map<string, string | null>(subject.statusesAt(world.settledAt))
    const told = transitionsOf(subject, world.settledAt, world.settledAt + later)
    const connected = told.every(({ resource, from, to }: Transition) => {
      const fits = (statuses.get(resource) ?? null) === from && from !== to
      statuses.set(resource, to)
      return fits
    })
    const inOrder = told.every(({ at }, index) => at >= (told[index - 1]?.at ?? world.settledAt))
    const now = [...subject.statusesAt(world.settledAt + later)]
    return connected && inOrder && statuses.size === now.length && now.every(([resource, status]) => statuses.get(resource) === status)
  })))
})
