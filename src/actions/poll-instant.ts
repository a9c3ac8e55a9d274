import type { FoundDocument } from '../domain/lifecycle/records.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import { documentTimeline, nextEventOf } from '../domain/lifecycle/transitions.ts'

/** The instant at which a reader sees a document: on an `auto` clock that may be its next change. */
export function pollDocument ({ clock }: Namespace, found: FoundDocument): number {
  return clock.observe(found.document.id, now => nextEventOf(documentTimeline(found), now))
}
