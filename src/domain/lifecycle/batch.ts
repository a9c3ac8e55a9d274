import type { Batch, Document, Parsing, Session } from './records.ts'
import { digestOf, uuidHeadOf } from '../ids.ts'
import { PARSER_VERSION, parsingHashOf } from '../templates/config-hash.ts'
import { outcomeOf } from './outcomes.ts'
import { extractPlanOf, parsePlanOf, type ExtractPlan } from './plan.ts'
import { UPLOADED } from './new-document.ts'
import { known } from '../known.ts'

/**
 * The sessions of a batch are found by arithmetic, not by an index. The id of a session, of its document or of its automatic
 * run is an *address*: the key of the batch, the kind, and the place of the file.
 *
 *     9f1c2ab4-77d0-4c1e-a3f0-  00000000     0  001
 *     head (24 characters)      occurrence   |  place
 *     \________ key of the batch ________/   kind: 0 session, 1 document, 2 result
 *
 * So fifty sessions cost one record, and an id costs one concatenation. (The ids in the API documentation's sample of a batch
 * count up in the same way.)
 */
export interface Address {
  /** The key of the batch. */
  readonly batch: string
  readonly kind: AddressKind
  /** The index of the file in the batch. */
  readonly place: number
}

const KINDS = ['session', 'document', 'result'] as const

export type AddressKind = typeof KINDS[number]

/** The head of a batch: a function of the seed, the namespace and everything that the caller sent. */
export function batchHeadOf (seed: string, namespace: string, sent: Pick<Batch, 'template' | 'autoExtract' | 'files'>): string {
  return flat(uuidHeadOf(digestOf('batch', seed, namespace, sent.template.id, sent.autoExtract, ...sent.files)))
}

/** The key of a batch: its head, and the number of batches with the same head before it. */
export function batchKey (head: string, occurrence: number): string {
  return flat(head + occurrence.toString(16).padStart(8, '0'))
}

/** Copies a text that is kept for long into one piece: as a concatenation it would keep its parts too, some 500 bytes. */
function flat (text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

/** The ids of one kind for the first `count` files of a batch, in the order of the files. */
export function addressesOf (batch: string, kind: AddressKind, count: number): string[] {
  const prefix = batch + KINDS.indexOf(kind)
  return PLACES.slice(0, count).map(place => prefix + place)
}

/** The id at an address. */
export function idAt ({ batch, place }: Address, kind: AddressKind): string {
  return batch + KINDS.indexOf(kind) + PLACES[place]
}

/** The address in a lower-case UUID; undefined if there is none. */
export function readAddress (id: string): Address | undefined {
  const kind = KINDS[Number.parseInt(id.charAt(32), 16)]
  const place = Number.parseInt(id.slice(33), 16)
  return kind === undefined || place >= MAX_BATCH ? undefined : { batch: id.slice(0, 32), kind, place }
}

/** Facts that were added after a batch was created, by the id of the document or run that they concern. */
export type LaterFacts = (id: string) => {
  readonly parsings?: readonly Parsing[]
  readonly plan?: ExtractPlan
} | undefined

/** The document at an address of its batch; undefined if the batch has no such file. */
export function documentOf (batch: Batch, address: Address, later: LaterFacts): Document | undefined {
  const key = batch.files[address.place]
  if (key === undefined) return undefined
  const { template, createdAt, pace, scripts, uploads } = batch
  const id = idAt(address, 'document')
  const upload = uploads.get(key) ?? null
  return {
    id,
    workspaceId: template.workspaceId,
    key,
    filename: null,
    upload,
    source: UPLOADED,
    createdAt,
    parsings: later(id)?.parsings ?? [{
      index: 0,
      configHash: parsingHashOf(template),
      parserVersion: PARSER_VERSION,
      requestedAt: createdAt,
      plan: parsePlanOf(pace, idAt(address, 'session'), outcomeOf(scripts.get(address.place), 1), upload)
    }]
  }
}

/** The session at an address of its batch, with the document at the same address. Later facts are considered for its run alone. */
export function sessionOf (batch: Batch, address: Address, document: Document, later: LaterFacts): Session {
  const { template, autoExtract, createdAt, pace, scripts } = batch
  const input = { document, parsing: known(document.parsings[0], 'a document of a batch has a parsing') }
  const id = idAt(address, 'result')
  const plan = (): ExtractPlan => later(id)?.plan ?? extractPlanOf(pace, id, outcomeOf(scripts.get(address.place), 1))
  return {
    id: idAt(address, 'session'),
    template,
    name: input,
    autoExtract,
    createdAt,
    renamedAt: null,
    documents: [document],
    runs: [],
    automaticRun: autoExtract ? { id, template, inputs: [input], plan: plan() } : null
  }
}

/** The maximum number of files in a batch. Documented. */
export const MAX_BATCH = 50

const PLACES = Array.from({ length: MAX_BATCH }, (_, place) => place.toString(16).padStart(3, '0'))
