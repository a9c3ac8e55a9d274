import type { NamespaceStore } from '../store/store.ts'
import { documentTimeline, sessionTimeline, type Timeline } from '../domain/lifecycle/transitions.ts'

/** Everything in a namespace that changes by itself. */
export async function * timelinesIn (store: NamespaceStore): AsyncGenerator<Timeline> {
  for await (const found of store.documents()) yield documentTimeline(found)
  for await (const session of store.sessions()) yield sessionTimeline(session)
}

/** What is called `session:<id>`, `document:<id>` or `result:<id>`; undefined if there is no such thing. */
export async function timelineOf (store: NamespaceStore, resource: string): Promise<Timeline | undefined> {
  const id = resource.slice(resource.indexOf(':') + 1)
  if (resource.startsWith('document:')) {
    const [found] = await store.findDocuments([id])
    return found && documentTimeline(found)
  }
  const session = resource.startsWith('session:') ? (await store.findSessions([id]))[0] : await store.findSessionOfResult(id)
  return session && sessionTimeline(session)
}
