import type { NamespaceStore } from '../store/store.ts'
import { documentSubject, sessionSubject, type Subject } from '../domain/lifecycle/transitions.ts'

/** Everything in a namespace that changes by itself. */
export async function * subjectsIn (store: NamespaceStore): AsyncGenerator<Subject> {
  for await (const found of store.documents()) yield documentSubject(found)
  for await (const session of store.sessions()) yield sessionSubject(session)
}

/** What is called `session:<id>`, `document:<id>` or `result:<id>`; undefined if there is no such thing. */
export async function subjectOf (store: NamespaceStore, resource: string): Promise<Subject | undefined> {
  const id = resource.slice(resource.indexOf(':') + 1)
  if (resource.startsWith('document:')) {
    const [found] = await store.findDocuments([id])
    return found && documentSubject(found)
  }
  const session = resource.startsWith('session:') ? (await store.findSessions([id]))[0] : await store.findSessionOfResult(id)
  return session && sessionSubject(session)
}
