import { parseArgs } from 'node:util'
import type { Measure } from './load.ts'
import { bareServer, coldStart } from './cold-start.ts'
import { footprint } from './memory.ts'
import { BATCH_OF_1, BATCH_OF_50, measure, POLL, realServer, VARIED_BATCH_OF_1, VARIED_BATCH_OF_50, type Contender, type Scenario } from './scenarios.ts'
import { mark, number, table } from './table.ts'

/**
 * Measures what the built server can do beside two bare ones, what its start costs, and what a session takes. Contenders take turns
 * and every measurement has a fresh server, so that whatever else the machine does meets all of them; medians are told.
 * `--quick` is for a first look.
 */
const { values: { quick } } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const { rounds, warmUp, seconds, starts, sessions } = quick
  ? { rounds: 1, warmUp: 1, seconds: 1, starts: 3, sessions: 100_000 }
  : { rounds: 3, warmUp: 1, seconds: 3, starts: 11, sessions: 1_000_000 }

/** A server that uses less of a core than this was kept waiting, by the load or by whatever else the machine did. */
const SATURATED = 0.8

const NAMES: Record<Contender, string> = { real: 'raydocs-mock', logging: 'raydocs-mock, log at info', naive: 'naive', constant: 'constant' }

/** Takes each so many times, in turns. */
async function inTurns<Name extends string, T> (times: number, names: readonly Name[], take: (name: Name) => Promise<T>): Promise<Record<Name, T[]>> {
  const taken = Object.fromEntries(names.map(name => [name, [] as T[]])) as Record<Name, T[]>
  for (let time = 0; time < times; time++) {
    for (const name of names) taken[name].push(await take(name))
  }
  return taken
}

async function underLoad (scenario: Scenario): Promise<Record<Contender, Measure>> {
  const taken = await inTurns(rounds, scenario.contenders, contender => measure(contender, scenario, warmUp, seconds))
  const medians = Object.entries(taken).map(([contender, measures]) => [contender, {
    requestsPerSecond: median(measures.map(measure => measure.requestsPerSecond)),
    p99: median(measures.map(measure => measure.p99)),
    cpu: median(measures.map(measure => measure.cpu)),
    core: median(measures.map(measure => measure.core))
  }])
  return Object.fromEntries(medians) as Record<Contender, Measure>
}

function median (values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}

console.log(`Node ${process.version}; ${rounds} rounds of ${seconds} s, 64 connections`)

const loads = new Map<Scenario, Record<Contender, Measure>>()
for (const scenario of [BATCH_OF_50, VARIED_BATCH_OF_50, BATCH_OF_1, VARIED_BATCH_OF_1, POLL]) {
  const measures = await underLoad(scenario)
  loads.set(scenario, measures)
  table([scenario.name, 'requests/s', 'p99, ms', 'CPU, us/request', 'CPU, %'], scenario.contenders.map(contender => {
    const { requestsPerSecond, p99, cpu, core } = measures[contender]
    return [NAMES[contender], number(requestsPerSecond), number(p99), number(cpu), number(core * 100)]
  }))
}

await coldStart(bareServer) // the first finds nothing in the file cache
const taken = await inTurns(starts, ['real', 'bare'], name => coldStart(name === 'real' ? realServer('silent') : bareServer))
const start = { real: median(taken.real), bare: median(taken.bare) }
table(['start to first answer', 'ms'], [['raydocs-mock', number(start.real)], ['bare', number(start.bare)]])

const fifty = await footprint(sessions, 50)
const single = await footprint(sessions, 1)
table([`memory, ${number(sessions)} sessions`, 'heap, bytes each', 'resident, bytes each'], [
  ['made in batches of 50', number(fifty.heap), number(fifty.resident)],
  ['made one by one', number(single.heap), number(single.resident)]
])

function markOf (name: string, scenario: Scenario, reference: Contender, goal: { atLeast: number }): string[] {
  const { real, [reference]: other } = loads.get(scenario) as Record<Contender, Measure>
  const idle = [real, other].some(({ core }) => core < SATURATED)
  return [...mark(name, real.requestsPerSecond / other.requestsPerSecond, goal), idle ? 'doubtful: a server did not get its core' : '']
}

table(['marks', 'ratio', 'goal', '', ''], [
  markOf('batch of 50, of naive', BATCH_OF_50, 'naive', { atLeast: 1.5 }),
  markOf('results poll, of constant', POLL, 'constant', { atLeast: 0.5 }),
  [...mark('start to first answer, of bare', start.real / start.bare, { atMost: 3 }), '']
])
