import type { Fixture } from '../domain/lifecycle/outcome.ts'
import type { NamespaceState } from '../namespaces/namespace.ts'
import type { Advanced } from './advance-clock.ts'
import { known } from '../domain/known.ts'
import { documentAt, resultAt, runOf } from '../domain/lifecycle/lifecycle.ts'
import { parsingEndedAt, runEndedAt } from '../domain/lifecycle/manual-completion.ts'
import { transitionsOf } from '../domain/lifecycle/transitions.ts'
import { HttpError, notFound } from '../http/errors.ts'
import { assertFixtureFits } from './check-fixture.ts'
import { timelineOf } from './timelines.ts'

/** Ends the parsing of a document at the present instant. Throws a 404 if it is unknown, and a 409 if it is not being parsed. */
export async function finishParsing (namespace: NamespaceState, documentId: string, failure: string | null): Promise<Advanced> {
  const { records } = namespace
  const [found] = await records.findDocuments([documentId])
  if (found === undefined) throw notFound('Document')
  const { now } = await namespace.clock()
  const { status } = documentAt(found, now)
  if (status === 'failed') throw new HttpError(409, 'The document has failed already.')
  if (status === 'parsed' || status === 'processed') throw new HttpError(409, 'The document has been parsed already.')
  if (found.document.parsings.length === 0) {
    throw new HttpError(409, 'The document is not being parsed: run an extraction over it, or have it reparsed.')
  }
  const sessions = await records.sessionsOf(documentId)
  return await changing(namespace, now, [`document:${documentId}`, ...sessions.map(({ id }) => `session:${id}`)], async () => {
    await records.changeParsings(
      documentId,
      parsings => parsings.with(-1, parsingEndedAt(now, known(parsings.at(-1), 'it is being parsed'), failure))
    )
  })
}

/**
 * Ends a run at the present instant. Throws a 404 if it is unknown, a 409 if it is finished or waits for its document, and a 422
 * where values do not fit the template.
 */
export async function finishRun (
  namespace: NamespaceState,
  resultId: string,
  failure: string | null,
  fixture?: Fixture
): Promise<Advanced> {
  const { records } = namespace
  const session = await records.findSessionOfResult(resultId)
  const { now } = await namespace.clock()
  const status = session && resultAt(session, resultId, now)?.status
  if (session === undefined || status === undefined) throw notFound('Result')
  if (status === 'parsing_pending') throw new HttpError(409, 'The result waits for its document: complete or fail that first.')
  if (status === 'completed' || status === 'failed') throw new HttpError(409, `The result has ${status} already.`)
  const { run, readyAt } = runOf(session, resultId)
  assertFixtureFits(run.template, [{ at: 'data', data: fixture?.data }])
  const documents = run.inputs.map(({ document }) => `document:${document.id}`)
  return await changing(namespace, now, [...documents, `session:${session.id}`], async () => {
    await records.putExtractPlan(resultId, runEndedAt(now, { readyAt, plan: run.plan }, failure, fixture))
  })
}

/** Changes records, and returns the transitions of the named resources. */
async function changing (
  { records, events }: NamespaceState,
  now: number,
  resources: readonly string[],
  change: () => Promise<void>
): Promise<Advanced> {
  const before = await Promise.all(resources.map(async resource => (await timelineOf(records, resource))?.statusesAt(now)))
  await change()
  events.emit('changed')
  const after = await Promise.all(resources.map(async resource => await timelineOf(records, resource)))
  return { now, fired: after.flatMap((timeline, index) => timeline === undefined ? [] : transitionsOf(timeline, now, now, before[index])) }
}
