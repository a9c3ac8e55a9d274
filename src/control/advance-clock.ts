import type { NamespaceState } from '../namespaces/namespace.ts'
import { nextEventOf, transitionsOf, type Transition } from '../domain/lifecycle/transitions.ts'
import { HttpError } from '../http/errors.ts'
import { timelinesIn } from './timelines.ts'

/** The distance to move a clock by, in milliseconds, or the instant to move it to: the next change, or the last one. */
export type Advance = { readonly by: number } | { readonly to: number | 'next-event' | 'idle' }

/** The instant that a clock was moved to, and the transitions on the way, in order of time. */
export interface Advanced {
  readonly now: number
  readonly fired: readonly Transition[]
}

/** Moves the clock of a namespace. Throws a 409 for a move back, or beyond the last instant. */
export async function advanceClock (namespace: NamespaceState, how: Advance): Promise<Advanced> {
  const { now: before } = await namespace.clock()
  const target = await targetOf(how, before, namespace)
  await forward(async () => { await namespace.moveClock(target) })
  namespace.events.emit('changed')
  const fired: Transition[] = []
  for await (const timeline of timelinesIn(namespace.records)) fired.push(...transitionsOf(timeline, before, target))
  return { now: target, fired: fired.sort((a, b) => a.at - b.at) }
}

/** Moves a clock. Throws a 409 for what it refuses. */
export async function forward (move: () => Promise<void>): Promise<void> {
  await move().catch((error: unknown) => {
    throw error instanceof RangeError ? new HttpError(409, `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`) : error
  })
}

async function targetOf (how: Advance, now: number, { records }: NamespaceState): Promise<number> {
  if ('by' in how) return now + how.by
  if (typeof how.to === 'number') return how.to
  let target: number | undefined
  for await (const timeline of timelinesIn(records)) {
    if (how.to === 'idle') target = Math.max(target ?? now, ...timeline.events().slice(-1))
    else target = Math.min(target ?? Infinity, nextEventOf(timeline, now) ?? Infinity)
  }
  return target !== undefined && Number.isFinite(target) ? target : now
}
