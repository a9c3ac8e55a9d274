import { deepEqual } from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import fc from 'fast-check'
import type { OutcomeRule } from '../../../src/domain/lifecycle/outcome.ts'
import type { DraftContent, Incarnation, Store } from '../../../src/store/store.ts'
import { known } from '../../../src/domain/known.ts'
import { startClock, type ClockMode } from '../../../src/domain/lifecycle/clock.ts'
import { NO_FAULTS } from '../../../src/domain/traffic/faults.ts'
import { openNamespace, type NamespaceState } from '../../../src/namespaces/namespace.ts'
import { pace, world, type MakeStore } from './fixtures.ts'

/** A simple model of the part of a namespace that is no record. */
interface Model {
  mode: ClockMode['mode']
  at: number
  since: number
  /** The instant at which each resource was last seen. */
  seen: Record<string, number>
  rules: Array<[name: string, rule: OutcomeRule]>
  faults: Array<{ id: string, path: string, times: number, seen: number, fired: number }>
  added: number
  maxRate: number | null
  windows: Record<string, { endsAt: number, count: number }>
  counts: Record<string, number>
}

/** A namespace with its model; `wall` is the wall time that all of them share. */
interface Subject {
  readonly name: string
  readonly state: NamespaceState
  readonly model: Model
  readonly wall: { now: number }
}

const MODES = ['auto', 'real', 'frozen'] as const

/** Steps that return the reply of a namespace, and that of its model. */
const ACTIONS: Readonly<Record<string, (subject: Subject, name: string, n: number) => Promise<[reply: unknown, expected: unknown]>>> = {
  async 'let wall time pass' ({ wall }, _, n) {
    wall.now += n
    return [null, null]
  },
  async 'move the clock' ({ state, model, wall }, _, n) {
    const instant = presentOf(model, wall) + n
    Object.assign(model, { at: instant, since: wall.now })
    return [await state.moveClock(instant), undefined]
  },
  async 'set the clock' ({ state, model, wall }, _, n) {
    const mode = MODES[n % 3] ?? 'real'
    Object.assign(model, { mode, at: presentOf(model, wall), since: wall.now, seen: {} })
    return [await state.setClock({ mode }), undefined]
  },
  async 'observe' ({ state, model, wall }, name, n) {
    const reply = await state.observe(name, now => n === 0 ? undefined : now + n)
    if (model.mode !== 'auto') return [reply, presentOf(model, wall)]
    if (model.seen[name] === model.at) model.at += n
    model.seen[name] = model.at
    return [reply, model.at]
  },
  async 'put an outcome' ({ state, model }, name, n) {
    const rule = { match: { file: `${n}` }, script: [] }
    const present = model.rules.find(([other]) => other === name)
    if (present === undefined) model.rules.push([name, rule])
    else present[1] = rule
    return [await state.putOutcome(name, rule), undefined]
  },
  async 'delete an outcome' ({ state, model }, name) {
    const before = model.rules.length
    model.rules = model.rules.filter(([other]) => other !== name)
    return [await state.deleteOutcome(name), model.rules.length < before]
  },
  async 'add a fault' ({ state, model }, name, n) {
    const fault = { id: `fault-${++model.added}`, path: name, times: n, seen: 0, fired: 0 }
    model.faults.push(fault)
    return [(await state.faults.add({ match: { path: name }, status: 500, times: n }))?.id, fault.id]
  },
  async 'delete a fault' ({ state, model }, _, n) {
    const before = model.faults.length
    model.faults = model.faults.filter(({ id }) => id !== `fault-${n}`)
    return [await state.faults.delete(`fault-${n}`), model.faults.length < before]
  },
  async 'clear the faults' ({ state, model }) {
    model.faults = []
    return [await state.faults.clear(), undefined]
  },
  async 'take a fault' ({ state, model }, name) {
    const matching = model.faults.filter(({ path }) => path === name)
    const taken = matching.find(({ times, fired }) => fired < times)
    for (const fault of matching) fault.seen++
    if (taken !== undefined) taken.fired++
    return [(await state.faults.take({ method: 'GET', path: name, token: undefined }))?.id, taken?.id]
  },
  async 'set the rate limit' ({ state, model }, _, n) {
    Object.assign(model, { maxRate: n === 0 ? null : n, windows: {} })
    return [await state.setRateLimit(model.maxRate), undefined]
  },
  async 'count a request' ({ state, model }, name, n) {
    const now = n * 20_000
    const { endsAt, count } = model.windows[name] ?? { endsAt: 0, count: 0 }
    model.windows[name] = endsAt <= now ? { endsAt: now + 60_000, count: 1 } : { endsAt, count: count + 1 }
    return [await state.countRequest(name, now), model.windows[name]]
  },
  async 'count an occurrence' ({ state, model }, name) {
    const before = model.counts[name] ?? 0
    model.counts[name] = before + 1
    return [await state.records.countOccurrence(name), before]
  }
}

const steps = fc.array(fc.record({
  act: fc.constantFrom('fork', 'replace', ...Object.keys(ACTIONS)),
  subject: fc.nat({ max: 3 }),
  name: fc.constantFrom('a', 'b'),
  n: fc.nat({ max: 5 })
}), { maxLength: 60, size: 'max' })

function presentOf ({ mode, at, since }: Model, wall: { now: number }): number {
  return mode === 'real' ? at + wall.now - since : at
}

/** Publishes a namespace that starts with a frozen clock at instant 0, and returns it with its model. */
async function begin (store: Store, name: string, wall: { now: number }): Promise<Subject> {
  const content: DraftContent = {
    settings: wallTime => ({ seed: 's', clock: startClock({ mode: 'frozen', at: 0 }, wallTime), clockEpoch: 0, maxRate: null, rateEpoch: 0 }),
    outcomes: new Map(),
    faults: NO_FAULTS
  }
  const model: Model = { mode: 'frozen', at: 0, since: wall.now, seen: {}, rules: [], faults: [], added: 0, maxRate: null, windows: {}, counts: {} }
  return { name, wall, model, state: await stateOf(await store.publish(await store.draft(name, content), { replace: true })) }
}

async function fork (store: Store, { state, model, wall }: Subject): Promise<Subject> {
  const name = randomUUID()
  const draft = await store.draft(name, { from: state.incarnation })
  return { name, wall, model: structuredClone(model), state: await stateOf(await store.publish(draft, { replace: false })) }
}

async function stateOf (incarnation: Incarnation): Promise<NamespaceState> {
  return await openNamespace(incarnation, { pace, uploadPolicy: 'strict' })
}

/** Compares namespaces, their forks and their later incarnations with simple models after random steps. */
export function stateModelContract (t: Test, make: MakeStore): void {
  t.test('clocks, outcome rules, faults and counters behave like a simple model, whatever the order of steps', async t => {
    const wall = { now: 1_000 }
    const store = await make(t, world, { wallClock: () => wall.now })
    await fc.assert(fc.asyncProperty(steps, async steps => {
      const subjects = [await begin(store, randomUUID(), wall)]
      for (const { act, subject: index, name, n } of steps) {
        const subject = subjects[index % subjects.length] as Subject
        if (act === 'fork') subjects.push(await fork(store, subject))
        // Holders of the replaced incarnation continue with it: it stays among the subjects.
        else if (act === 'replace') subjects.push(await begin(store, subject.name, wall))
        else {
          const [reply, expected] = await known(ACTIONS[act], 'each step has an action')(subject, name, n)
          deepEqual(reply, expected, act)
        }
      }
      for (const { state, model } of subjects) {
        // Thrown, so that fast-check shrinks the steps; tap would swallow it.
        deepEqual(await state.enter(), { mode: { mode: model.mode, at: model.at, since: model.since }, now: presentOf(model, wall), maxRate: model.maxRate, hasFaults: model.faults.length > 0 })
        deepEqual([...await state.outcomeRules()], model.rules)
        deepEqual(await state.faults.list(), model.faults.map(({ id, path, times, seen, fired }) => ({ id, rule: { match: { path }, status: 500, times }, seen, fired })))
      }
    }), { numRuns: 200 })
  })
}
