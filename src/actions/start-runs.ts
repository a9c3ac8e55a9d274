import type { Document, Run, Session, Template } from '../domain/lifecycle/records.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import { filenameOf } from '../domain/lifecycle/lifecycle.ts'
import type { Script } from '../domain/lifecycle/outcome.ts'
import { scripted, scriptFor, type OutcomeRules } from '../domain/lifecycle/outcomes.ts'

/** Requests a run over each of the sessions, as its outcomes are scripted. Returns the runs in the order of the sessions. */
export async function startRuns (namespace: Namespace, template: Template, sessions: readonly Session[], now: number): Promise<Run[]> {
  const { records, pace } = namespace
  const rules = await namespace.outcomeRules()
  const scripts = scripted(sessions.flatMap(({ id, documents }) => scriptsOf(rules, template, id, documents)))
  return await records.addRuns(sessions.map(({ id }) => id), { template, requestedAt: now, pace, scripts })
}

/** Returns the script for a document. */
export function scriptOf (rules: OutcomeRules, templateId: string | undefined, document: Document): Script | undefined {
  return scriptFor(rules, templateId, document.key, document.upload, filenameOf(document))
}

/** A run follows the script of the first of its documents that has one; each parsing follows that of its own document. */
function scriptsOf (
  rules: OutcomeRules,
  template: Template,
  sessionId: string,
  documents: readonly Document[]
): Array<[id: string, script: Script | undefined]> {
  const scripts = documents.map((document): [string, Script | undefined] => [document.id, scriptOf(rules, template.id, document)])
  return [[sessionId, scripts.find(([, script]) => script !== undefined)?.[1]], ...scripts]
}
