import { Type, type Static } from '@sinclair/typebox'
import type { Transition } from '../domain/lifecycle/transitions.ts'
import type { ClockReading } from '../namespaces/namespace.ts'
import type { NamespaceAccess } from './access.ts'
import { readInstant, scaleOf, type ClockMode } from '../domain/lifecycle/clock.ts'
import { readDuration } from '../domain/lifecycle/durations.ts'
import { known } from '../domain/known.ts'
import { unprocessable } from '../http/errors.ts'
import { Enum, Nullable } from '../http/schema.ts'
import { checked } from '../http/validation.ts'
import { advanceClock, forward, type Advance, type Advanced } from './advance-clock.ts'
import { ControlInstant, presentInstant } from './schema.ts'

const MODES = ['real', 'frozen', 'scaled', 'auto'] as const

export const ClockBody = Type.Object({
  mode: Enum(MODES, 'How the clock runs.'),
  now: ControlInstant,
  scale: Type.Number({ description: 'The number of its seconds that pass in one real second; 0 for a clock that stands.' })
})

export type ClockBody = Static<typeof ClockBody>

export const TransitionBody = Type.Object({
  at: ControlInstant,
  resource: Type.String({ examples: ['result:3f6fc360-2925-49e2-b743-184af0bdeddb'] }),
  from: Nullable(Type.String(), 'Null for a resource that was created.'),
  to: Type.String()
})

export type TransitionBody = Static<typeof TransitionBody>

export const ClockChange = Type.Object({
  mode: Enum(MODES, 'How the clock runs from now on.'),
  now: Type.Optional(Type.String({ format: 'instant', description: 'The instant to start from; not before the present one.' })),
  scale: Type.Optional(Type.Number({
    exclusiveMinimum: 0,
    maximum: 1_000_000,
    description: 'Required for mode scaled, and not allowed elsewhere.'
  }))
})

export type ClockChange = Static<typeof ClockChange>

export const ClockAdvance = Type.Object({
  by: Type.Optional(Type.String({ format: 'duration', examples: ['PT90S'] })),
  to: Type.Optional(Type.String({
    format: 'advance-target',
    description: 'next-event, idle (until no change is left), or an instant.',
    examples: ['idle']
  }))
})

export type ClockAdvance = Static<typeof ClockAdvance>

export const AdvancedBody = Type.Object({ now: ControlInstant, fired: Type.Array(TransitionBody) }, {
  description: 'The present instant, and the transitions in order of time.'
})

export type AdvancedBody = Static<typeof AdvancedBody>

/** The clock of a namespace. */
export interface ClockControl {
  get (): Promise<ClockBody>
  /** Lets the clock run in another mode, or from a later instant. Throws a 409 for an instant in the past. */
  set (change: ClockChange): Promise<ClockBody>
  /** Moves the clock forward and returns the transitions on the way. Throws a 409 for an instant in the past. */
  advance (advance: ClockAdvance): Promise<AdvancedBody>
}

export function createClockControl ({ find, open }: NamespaceAccess): ClockControl {
  return {
    get: async () => presentClock(await (await find()).clock()),
    async set (change) {
      const { mode, now, scale } = checked(ClockChange, change)
      const clockMode = clockModeOf(mode, scale)
      const namespace = await open()
      await forward(async () => { await namespace.setClock(clockMode, now === undefined ? undefined : readInstant(now)) })
      namespace.events.emit('changed')
      return presentClock(await namespace.clock())
    },
    async advance (advance) {
      const how = readAdvance(checked(ClockAdvance, advance))
      return presentAdvanced(await advanceClock(await open(), how))
    }
  }
}

export function presentClock ({ mode, now }: ClockReading): ClockBody {
  return { mode: mode.mode, now: presentInstant(now), scale: scaleOf(mode) }
}

export function presentAdvanced ({ now, fired }: Advanced): AdvancedBody {
  return { now: presentInstant(now), fired: fired.map(presentTransition) }
}

export function presentTransition ({ at, ...transition }: Transition): TransitionBody {
  return { at: presentInstant(at), ...transition }
}

/** Reads a mode. Throws a 422 where a scale is missing or not allowed. */
export function clockModeOf (mode: typeof MODES[number], scale: number | undefined): ClockMode {
  if (mode === 'scaled') {
    if (scale === undefined) throw unprocessable({ scale: ['The scale field is required when mode is scaled.'] })
    return { mode, scale }
  }
  if (scale !== undefined) throw unprocessable({ scale: ['The scale field is allowed only when mode is scaled.'] })
  return { mode }
}

function readAdvance ({ by, to }: ClockAdvance): Advance {
  if (by !== undefined && to === undefined) return { by: known(readDuration(by), 'a duration was validated') }
  if (to !== undefined && by === undefined) {
    return { to: to === 'next-event' || to === 'idle' ? to : known(readInstant(to), 'an instant was validated') }
  }
  throw unprocessable({
    by: ['Send either by or to: {"by": "PT90S"}, {"to": "next-event"}, {"to": "idle"} or {"to": "2024-01-15T10:30:00Z"}.']
  })
}
