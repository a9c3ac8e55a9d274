import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Advance, Advanced } from '../advance-clock.ts'
import type { Control } from '../control.ts'
import type { ClockMode, MovableClock } from '../../domain/lifecycle/clock.ts'
import type { Transition } from '../../domain/lifecycle/transitions.ts'
import { readDuration } from '../../domain/lifecycle/durations.ts'
import { readInstant } from '../../http/formats.ts'
import { unprocessable } from '../../http/errors.ts'
import { Enum, Nullable } from '../../http/schema.ts'
import { ControlInstant, namespaceParams, presentInstant, problems } from '../schema.ts'

const MODES = ['real', 'frozen', 'scaled', 'auto'] as const

export const ClockBody = Type.Object({
  mode: Enum(MODES, 'How it runs.'),
  now: ControlInstant,
  scale: Type.Number({ description: 'How many of its seconds pass in a real one; 0 for a clock that stands.' })
})

export const TransitionBody = Type.Object({
  at: ControlInstant,
  resource: Type.String({ examples: ['result:3f6fc360-2925-49e2-b743-184af0bdeddb'] }),
  from: Nullable(Type.String(), 'Null for what came into being.'),
  to: Type.String()
})

/** How a clock is to run on. */
export const ClockChange = Type.Object({
  mode: Enum(MODES, 'How it is to run.'),
  now: Type.Optional(Type.String({ format: 'instant', description: 'Where it is to stand; not before where it stands now.' })),
  scale: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000, description: 'For mode scaled, and only there.' }))
})

/** How far a clock is to be moved. */
export const ClockAdvance = Type.Object({
  by: Type.Optional(Type.String({ format: 'duration', examples: ['PT90S'] })),
  to: Type.Optional(Type.String({ format: 'advance-target', description: 'next-event, idle (nothing is left to happen), or an instant.', examples: ['idle'] }))
})

export const AdvancedBody = Type.Object({ now: ControlInstant, fired: Type.Array(TransitionBody) }, { description: 'Where it stands now, and all transitions in order of time.' })

/** The clock of a namespace. */
export const clockRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.get('/_mock/namespaces/:namespace/clock', {
    schema: {
      operationId: 'getClock',
      summary: 'What time it is in a namespace',
      tags: ['Clock'],
      params: namespaceParams,
      response: { 200: ClockBody, ...problems(404) }
    }
  }, async ({ params: { namespace } }) => presentClock(control.find(namespace).clock))

  app.put('/_mock/namespaces/:namespace/clock', {
    schema: {
      operationId: 'setClock',
      summary: 'Let a clock run in another way, or from another instant',
      tags: ['Clock'],
      params: namespaceParams,
      body: ClockChange,
      response: { 200: ClockBody, ...problems(409, 415, 422, 429) }
    }
  }, async ({ params: { namespace }, body }) => changeClock(control, namespace, body))

  app.post('/_mock/namespaces/:namespace/clock/advance', {
    schema: {
      operationId: 'advanceClock',
      summary: 'Move a clock forward',
      description: 'Either `by` or `to`. Answers what changed on the way.',
      tags: ['Clock'],
      params: namespaceParams,
      body: ClockAdvance,
      response: {
        200: AdvancedBody,
        ...problems(409, 415, 422, 429)
      }
    }
  }, async ({ params: { namespace }, body }) => await advanceClock(control, namespace, body))
}

/** Carries out a change of a clock. */
export function changeClock (control: Control, namespace: string, { mode, now, scale }: Static<typeof ClockChange>): Static<typeof ClockBody> {
  control.setClock(namespace, clockModeOf(mode, scale), now === undefined ? undefined : readInstant(now))
  return presentClock(control.find(namespace).clock)
}

/** Carries out a move of a clock. */
export async function advanceClock (control: Control, namespace: string, body: Static<typeof ClockAdvance>): Promise<Static<typeof AdvancedBody>> {
  return presentAdvanced(await control.advance(namespace, advanceOf(body)))
}

export function presentClock (clock: MovableClock): Static<typeof ClockBody> {
  const { spec } = clock
  const scale = spec.mode === 'real' ? 1 : spec.mode === 'scaled' ? spec.scale : 0
  return { mode: spec.mode, now: presentInstant(clock.now()), scale }
}

export function presentAdvanced ({ now, fired }: Advanced): Static<typeof AdvancedBody> {
  return { now: presentInstant(now), fired: fired.map(presentTransition) }
}

export function presentTransition ({ at, ...transition }: Transition): Static<typeof TransitionBody> {
  return { at: presentInstant(at), ...transition }
}

/** The mode that is asked for; throws a 422 where a scale is missing or out of place. */
export function clockModeOf (mode: typeof MODES[number], scale: number | undefined): ClockMode {
  if (mode === 'scaled') {
    if (scale === undefined) throw unprocessable({ scale: ['The scale field is required when mode is scaled.'] })
    return { mode, scale }
  }
  if (scale !== undefined) throw unprocessable({ scale: ['The scale field is allowed only when mode is scaled.'] })
  return { mode }
}

function advanceOf ({ by, to }: { by?: string, to?: string }): Advance {
  if (by !== undefined && to === undefined) return { by: readDuration(by) as number }
  if (to !== undefined && by === undefined) return { to: to === 'next-event' || to === 'idle' ? to : readInstant(to) as number }
  throw unprocessable({ by: ['Send either by or to: {"by": "PT90S"}, {"to": "next-event"}, {"to": "idle"} or {"to": "2024-01-15T10:30:00Z"}.'] })
}
