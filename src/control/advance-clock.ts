import type { Namespace } from '../namespaces/namespace.ts'
import { nextEventOf, transitionsOf, type Transition } from '../domain/lifecycle/transitions.ts'
import { HttpError } from '../http/errors.ts'
import { timelinesIn } from './timelines.ts'

/** How far to move a clock: by so many milliseconds, to an instant, to the next change, or until nothing is left to change. */
export type Advance = { readonly by: number } | { readonly to: number | 'next-event' | 'idle' }

/** Where a clock was moved, and what changed on the way, in order of time. */
export interface Advanced {
  readonly now: number
  readonly fired: readonly Transition[]
}

/** Moves the clock of a namespace; 409 for going back, or too far. */
export async function advance ({ clock, store, events }: Namespace, how: Advance): Promise<Advanced> {
  const after = clock.now()
  const until = await targetOf(how, after, store)
  const now = forward(() => clock.advanceTo(until))
  events.emit('changed')
  const fired: Transition[] = []
  for await (const subject of timelinesIn(store)) fired.push(...transitionsOf(subject, after, now))
  return { now, fired: fired.sort((a, b) => a.at - b.at) }
}

/** Moves a clock; what it refuses is a conflict. */
export function forward<T> (move: () => T): T {
  try {
    return move()
  } catch (error) {
    throw error instanceof RangeError ? new HttpError(409, `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`) : error
  }
}

async function targetOf (how: Advance, now: number, store: Namespace['store']): Promise<number> {
  if ('by' in how) return now + how.by
  if (typeof how.to === 'number') return how.to
  let target: number | undefined
  for await (const subject of timelinesIn(store)) {
    if (how.to === 'idle') target = Math.max(target ?? now, ...subject.events().slice(-1))
    else target = Math.min(target ?? Infinity, nextEventOf(subject, now) ?? Infinity)
  }
  return target !== undefined && Number.isFinite(target) ? target : now
}
