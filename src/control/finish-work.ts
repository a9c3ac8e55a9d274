import type { Parsing } from '../domain/lifecycle/records.ts'
import type { Fixture } from '../domain/lifecycle/outcome.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import type { Advanced } from './advance-clock.ts'
import { parsingEndedAt, runEndedAt } from '../domain/lifecycle/manual-completion.ts'
import { documentAt, resultAt, runOf } from '../domain/lifecycle/lifecycle.ts'
import { transitionsOf } from '../domain/lifecycle/transitions.ts'
import { HttpError, notFound } from '../http/errors.ts'
import { assertFixtureFits } from './check-fixture.ts'
import { timelineOf } from './timelines.ts'

/** Ends the parsing of a document now. Throws 404 for what is unknown, 409 for what is over or was not asked for. */
export async function endParsing (namespace: Namespace, documentId: string, failure: string | null): Promise<Advanced> {
  const { store, clock } = namespace
  const [found] = await store.findDocuments([documentId])
  if (found === undefined) throw notFound('Document')
  const { document, sessions } = found
  const now = clock.now()
  const { status } = documentAt(document, sessions, now)
  if (status === 'failed') throw new HttpError(409, 'The document has failed already.')
  if (status === 'parsed' || status === 'processed') throw new HttpError(409, 'The document has been parsed already.')
  if (document.parsings.length === 0) throw new HttpError(409, 'The document is not being parsed: run an extraction over it, or have it reparsed.')
  return await changing(namespace, [`document:${documentId}`, ...sessions.map(({ id }) => `session:${id}`)], async () => {
    await store.changeParsings(documentId, parsings => parsings.with(-1, parsingEndedAt(now, parsings.at(-1) as Parsing, failure)))
  })
}

/** Ends a run now. Throws 404 for what is unknown, 409 for what is over or waits for its document, 422 where values do not fit the template. */
export async function endRun (namespace: Namespace, resultId: string, failure: string | null, fixture?: Fixture): Promise<Advanced> {
  const { store, clock } = namespace
  const session = await store.findSessionOfResult(resultId)
  const now = clock.now()
  const status = session && resultAt(session, resultId, now)?.status
  if (session === undefined || status === undefined) throw notFound('Result')
  if (status === 'parsing_pending') throw new HttpError(409, 'The result waits for its document: complete or fail that first.')
  if (status === 'completed' || status === 'failed') throw new HttpError(409, `The result has ${status} already.`)
  const { run, readyAt } = runOf(session, resultId)
  assertFixtureFits(run.template, [{ at: 'data', data: fixture?.data }])
  const documents = run.inputs.map(({ document }) => `document:${document.id}`)
  return await changing(namespace, [...documents, `session:${session.id}`], async () => {
    await store.putExtractPlan(resultId, runEndedAt(now, { readyAt, plan: run.plan }, failure, fixture))
  })
}

/** Does something, and tells what has become of what is named. */
async function changing ({ store, clock, events }: Namespace, resources: readonly string[], act: () => Promise<void>): Promise<Advanced> {
  const now = clock.now()
  const before = await Promise.all(resources.map(async resource => (await timelineOf(store, resource))?.statusesAt(now)))
  await act()
  events.emit('changed')
  const after = await Promise.all(resources.map(async resource => await timelineOf(store, resource)))
  return { now, fired: after.flatMap((subject, index) => subject === undefined ? [] : transitionsOf(subject, now, now, before[index])) }
}
