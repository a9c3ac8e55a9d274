import type { Document, Run, Session, Template } from '../domain/lifecycle/records.ts'
import type { Pace } from '../domain/lifecycle/plan.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import { filenameOf } from '../domain/lifecycle/lifecycle.ts'
import type { Script } from '../domain/lifecycle/outcome.ts'
import { scripted } from '../domain/lifecycle/outcomes.ts'

/** Asks for a run over each of the sessions, as its outcomes are scripted; resolves to the runs, in the order of the sessions. */
export async function startRuns (namespace: Namespace, pace: Pace, template: Template, sessions: readonly Session[]): Promise<Run[]> {
  const scripts = scripted(sessions.flatMap(({ id, documents }) => scriptsOf(namespace, template, id, documents)))
  return await namespace.store.addRuns(sessions.map(({ id }) => id), { template, requestedAt: namespace.clock.now(), pace, scripts })
}

/** What happens to a document. */
export function scriptOf ({ outcomes }: Namespace, templateId: string | undefined, document: Document): Script | undefined {
  return outcomes.scriptFor(templateId, document.key, document.upload, filenameOf(document))
}

/** A run goes as is scripted for the first of the documents for which anything is; each parsing, as for its own. */
function scriptsOf (namespace: Namespace, template: Template, sessionId: string, documents: readonly Document[]): Array<[string, Script | undefined]> {
  const scripts = documents.map((document): [string, Script | undefined] => [document.id, scriptOf(namespace, template.id, document)])
  return [[sessionId, scripts.find(([, script]) => script !== undefined)?.[1]], ...scripts]
}
