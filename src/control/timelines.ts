import type { Records } from '../store/records.ts'
import { documentTimeline, sessionTimeline, type Timeline } from '../domain/lifecycle/transitions.ts'

/** Streams the timelines of all documents and sessions in a namespace. */
export async function * timelinesIn (records: Records): AsyncGenerator<Timeline> {
  for await (const found of records.documents()) yield documentTimeline(found)
  for await (const session of records.sessions()) yield sessionTimeline(session)
}

/** Returns the timeline of `session:<id>`, `document:<id>` or `result:<id>`; undefined if there is no such resource. */
export async function timelineOf (records: Records, resource: string): Promise<Timeline | undefined> {
  const id = resource.slice(resource.indexOf(':') + 1)
  if (resource.startsWith('document:')) {
    const [found] = await records.findDocuments([id])
    return found && documentTimeline(found)
  }
  const session = resource.startsWith('session:') ? (await records.findSessions([id]))[0] : await records.findSessionOfResult(id)
  return session && sessionTimeline(session)
}
