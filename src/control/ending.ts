import type { Fixture } from '../domain/outcomes.ts'
import type { Session } from '../domain/records.ts'
import type { Namespace } from '../namespace.ts'
import type { Advanced } from './advancing.ts'
import { parsingEndedAt, runEndedAt } from '../domain/by-hand.ts'
import { documentAt, resultAt, runOf } from '../domain/lifecycle.ts'
import { statusesAt, transitionsOf } from '../domain/transitions.ts'
import { HttpError, notFound } from '../http/errors.ts'
import { refuseMisfits } from './misfits.ts'

/** Ends the parsing of a document now. Throws 404 for what is unknown, 409 for what is over. */
export async function endParsing (namespace: Namespace, documentId: string, failure: string | null): Promise<Advanced> {
  const { store, clock } = namespace
  const session = await store.findSessionOfDocument(documentId)
  const document = session?.documents.find(({ id }) => id === documentId)
  if (session === undefined || document === undefined) throw notFound('Document')
  const now = clock.now()
  const { status } = documentAt(session, document, now)
  if (status === 'failed') throw new HttpError(409, 'The document has failed already.')
  if (status === 'parsed' || status === 'processed') throw new HttpError(409, 'The document has been parsed already.')
  await store.putParsePlan(documentId, parsingEndedAt(now, document, failure))
  return await changed(namespace, session, now)
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
  refuseMisfits(run.template, [{ at: 'data', data: fixture?.data }])
  await store.putExtractPlan(resultId, runEndedAt(now, { readyAt, plan: run.plan }, failure, fixture))
  return await changed(namespace, session, now)
}

/** What has become of a session that was otherwise before. */
async function changed ({ store, events }: Namespace, before: Session, now: number): Promise<Advanced> {
  const [after = before] = await store.findSessions([before.id])
  events.emit('changed')
  return { now, fired: transitionsOf(after, now, now, statusesAt(before, now)) }
}
