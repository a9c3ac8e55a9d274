import type { Run, Session, Template } from '../domain/records.ts'
import type { Pace } from '../domain/plan.ts'
import type { Namespace } from '../namespace.ts'
import { scripted } from '../domain/outcomes.ts'

/** Asks for a run over each of the sessions, as its outcomes are scripted; resolves to the runs, in the order of the sessions. */
export async function askForRuns ({ clock, store, outcomes }: Namespace, pace: Pace, template: Template, sessions: readonly Session[]): Promise<Run[]> {
  const scripts = scripted(sessions.map(({ id, documents: [document] }) => [id, document && outcomes.scriptFor(template, document.key, document.upload)]))
  return await store.addRuns(sessions.map(({ id }) => id), { template, askedAt: clock.now(), pace, scripts })
}
