import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { trackTransitions } from '../../src/control/track-transitions.ts'
import { timelinesIn } from '../../src/control/timelines.ts'
import { BATCH_URL, build, type Rig } from '../helper.ts'

/** Returns all statuses at the present instant, by resource. */
async function statusesIn ({ namespaces }: Rig): Promise<Map<string, string>> {
  const namespace = await namespaces.open('default')
  const { now } = await namespace.clock()
  const statuses = new Map<string, string>()
  for await (const timeline of timelinesIn(namespace.records)) for (const [resource, status] of timeline.statusesAt(now)) statuses.set(resource, status)
  return statuses
}

/** Something that a client or a test does: what, and to which of the resources. */
const STEPS = {
  async create (rig: Rig, pick: number) {
    await rig.create([`tmp/${['a', 'b', 'mock-parse-failed', 'mock-extract-failed'][pick % 4]}.pdf`, 'tmp/c.pdf'], { auto_extract: pick % 3 === 0 })
  },
  async attach (rig: Rig, pick: number, sessions: string[], documents: string[]) {
    const session = sessions[pick % sessions.length]
    if (session !== undefined) await rig.call('POST', `/extractions/sessions/${session}/documents/attach`, { document_ids: [documents[pick % documents.length]] })
  },
  async execute (rig: Rig, pick: number, sessions: string[]) {
    await rig.call('POST', `${BATCH_URL}/execute`, { session_ids: sessions.slice(pick % 3, 3) })
  },
  async reparse (rig: Rig, pick: number, _sessions: string[], documents: string[]) {
    await rig.call('POST', `/workspaces/1/documents/${documents[pick % documents.length]}/reparse`, {})
  },
  async finish (rig: Rig, pick: number, _sessions: string[], documents: string[]) {
    await rig.control('POST', `/namespaces/default/documents/${documents[pick % documents.length]}/${pick % 2 === 0 ? 'complete' : 'fail'}`)
  },
  async complete (rig: Rig, pick: number, _sessions: string[], _documents: string[], results: string[]) {
    await rig.control('POST', `/namespaces/default/results/${results[pick % results.length]}/${pick % 2 === 0 ? 'complete' : 'fail'}`)
  },
  async removeResult (rig: Rig, pick: number, _sessions: string[], _documents: string[], results: string[]) {
    await rig.call('DELETE', `/extractions/results/${results[pick % results.length]}`)
  },
  async removeSession (rig: Rig, pick: number, sessions: string[]) {
    await rig.call('DELETE', `/extractions/sessions/${sessions[pick % sessions.length]}`)
  },
  async removeDocument (rig: Rig, pick: number, _sessions: string[], documents: string[]) {
    await rig.call('DELETE', `/extractions/documents/${documents[pick % documents.length]}`)
  },
  async advance (rig: Rig, pick: number) {
    await rig.control('POST', '/namespaces/default/clock/advance', { by: `PT${pick}S` })
  }
}

t.test('the transitions lead from the statuses before to those after, whatever happens', async t => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(STEPS) as Array<keyof typeof STEPS>), fc.nat({ max: 60 })), { maxLength: 14 })
  await fc.assert(fc.asyncProperty(steps, async steps => {
    const rig = await build(t, { watch () {} })
    await rig.create(['tmp/first.pdf'], { auto_extract: true })
    const before = await statusesIn(rig)
    using tracker = trackTransitions(await rig.namespaces.open('default'))
    await tracker.begin()
    for (const [step, pick] of steps) {
      const now = await statusesIn(rig)
      const idsOf = (kind: string): string[] => [...now.keys()].filter(resource => resource.startsWith(kind)).map(resource => resource.slice(kind.length))
      await STEPS[step](rig, pick, idsOf('session:'), idsOf('document:'), idsOf('result:'))
      const transitions = await tracker.take()
      assert.deepEqual(transitions.map(({ at }) => at), transitions.map(({ at }) => at).sort((a, b) => a - b))
      for (const { resource, from, to } of transitions) {
        assert.equal(from, before.get(resource) ?? null, resource)
        before.set(resource, to)
      }
      const after = await statusesIn(rig)
      for (const [resource, status] of after) assert.equal(before.get(resource), status, `${resource} after ${step}`)
    }
  }), {
    numRuns: 20,
    examples: [
      [[['removeSession', 0], ['advance', 60]]],
      [[['advance', 1], ['finish', 0], ['advance', 60], ['complete', 0], ['advance', 60], ['advance', 60]]],
      [[['advance', 60], ['complete', 0], ['removeResult', 0], ['removeDocument', 0]]]
    ]
  })
})
