import type { Session } from '../domain/lifecycle/records.ts'
import type { Records } from '../store/records.ts'
import { runsOf } from '../domain/lifecycle/schedule.ts'
import { documentTimeline, sessionTimeline, type Timeline } from '../domain/lifecycle/transitions.ts'
import { createBreather } from './breathe.ts'

/** Streams the timelines of all documents and sessions in a namespace. Lets other requests go first at times. */
export async function * timelinesIn (records: Records): AsyncGenerator<Timeline> {
  const breathe = createBreather(TIMELINES_AT_A_TIME)
  for await (const found of records.documents()) {
    await breathe()
    yield documentTimeline(found)
  }
  for await (const session of records.sessions()) {
    await breathe()
    yield sessionTimeline(session)
  }
}

/** The number of timelines that are read in one go: a few milliseconds. */
export const TIMELINES_AT_A_TIME = 100

/** Returns the timeline of `session:<id>`, `document:<id>` or `result:<id>`; undefined if there is no such resource. */
export async function timelineOf (records: Records, resource: string): Promise<Timeline | undefined> {
  const id = idIn(resource)
  if (resource.startsWith('document:')) {
    const [found] = await records.findDocuments([id])
    return found && documentTimeline(found)
  }
  const session = resource.startsWith('session:') ? (await records.findSessions([id]))[0] : await records.findSessionOfResult(id)
  return session && sessionTimeline(session)
}

/** Returns the id in `session:<id>`. */
export function idIn (resource: string): string {
  return resource.slice(resource.indexOf(':') + 1)
}

/** Returns the timelines that may have changed with what was written under these ids of sessions, documents and results. */
export async function timelinesOf (records: Records, ids: readonly string[]): Promise<Timeline[]> {
  const written = await findAll(records.findDocuments, ids)
  const sessions = byId([
    ...await findAll(records.findSessions, ids),
    ...await findAll(async ids => await Promise.all(ids.map(records.findSessionOfResult)), ids),
    // Those of a document that was removed are found as well.
    ...(await Promise.all(ids.map(records.sessionsOf))).flat()
  ])
  const inSessions = sessions.flatMap(session => [
    ...session.documents,
    ...runsOf(session).flatMap(({ inputs }) => inputs.map(({ document }) => document))
  ])
  const documentIds = new Set([...written.map(({ document }) => document.id), ...inSessions.map(({ id }) => id)])
  const documents = await findAll(records.findDocuments, [...documentIds])
  return [...documents.map(documentTimeline), ...sessions.map(sessionTimeline)]
}

async function findAll<T> (find: (ids: readonly string[]) => Promise<Array<T | undefined>>, ids: readonly string[]): Promise<T[]> {
  return (await find(ids)).filter(found => found !== undefined)
}

function byId (sessions: readonly Session[]): Session[] {
  return [...new Map(sessions.map(session => [session.id, session])).values()]
}
