import type { Batch, Document, Parsing, Session } from './records.ts'
import { digestOf, uuidHeadOf } from '../ids.ts'
import { PARSER_VERSION, parsingHashOf } from '../templates/config-hash.ts'
import { outcomeOf } from './outcomes.ts'
import { extractPlanOf, parsePlanOf, type ExtractPlan } from './plan.ts'
import { UPLOADED } from './new-document.ts'

/**
 * What a batch-create call makes is found by arithmetic, not by an index. The id of a session, of its document or of its
 * automatic run is an *address*: the head of the batch, how often the same batch came before, the kind, and the place
 * of the file.
 *
 *     9f1c2ab4-77d0-4c1e-a3f0-  00000000  0  001
 *     head (24 characters)      before    |  place
 *                                         kind: 0 session, 1 document, 2 result
 *
 * So fifty sessions cost one record, and an id costs one concatenation. (The documentation's own sample ids of one batch
 * count up in the same way.)
 */
export interface Address {
  readonly head: string
  /** How many batches with this head came before. */
  readonly occurrence: number
  readonly kind: AddressKind
  /** The index of the file in the batch. */
  readonly place: number
}

const KINDS = ['session', 'document', 'result'] as const

export type AddressKind = typeof KINDS[number]

/**
 * The head of a batch: a function of the seed, the namespace and everything that the caller asked for. It is copied into
 * one piece, since it is kept for long: a string put together from parts would keep them all, some 500 bytes.
 */
export function batchHeadOf (seed: string, namespace: string, asked: Pick<Batch, 'template' | 'autoExtract' | 'files'>): string {
  const head = uuidHeadOf(digestOf('batch', seed, namespace, asked.template.id, asked.autoExtract, ...asked.files))
  return Buffer.from(head, 'latin1').toString('latin1')
}

/** The ids of one kind that the first `count` files of a batch give rise to, in the order of the files. */
export function addressesOf (head: string, occurrence: number, kind: AddressKind, count: number): string[] {
  const prefix = prefixOf(head, occurrence, kind)
  return PLACES.slice(0, count).map(place => prefix + place)
}

/** The address that a lower-case UUID would be; undefined if it cannot be one. */
export function readAddress (id: string): Address | undefined {
  const kind = KINDS[Number.parseInt(id.charAt(32), 16)]
  const place = Number.parseInt(id.slice(33), 16)
  if (kind === undefined || place >= MAX_BATCH) return undefined
  return { head: id.slice(0, 24), occurrence: Number.parseInt(id.slice(24, 32), 16), kind, place }
}

/** What has happened since a batch came, of that which changes its plans. */
export interface Later {
  readonly parsings: Facts<readonly Parsing[]>
  readonly extractPlans: Facts<ExtractPlan>
}

interface Facts<T> {
  readonly isEmpty: boolean
  get (id: string): T | undefined
}

/** The document at an address of its batch; undefined if the batch has no such file. */
export function documentOf (batch: Batch, { head, occurrence, place }: Address, { parsings }: Later): Document | undefined {
  const key = batch.files[place]
  if (key === undefined) return undefined
  const { template, createdAt, pace } = batch
  const id = prefixOf(head, occurrence, 'document') + PLACES[place]
  const upload = batch.uploads.get(key) ?? null
  return {
    id,
    workspaceId: template.workspaceId,
    key,
    filename: null,
    upload,
    source: UPLOADED,
    createdAt,
    parsings: laterOf(parsings, id) ?? [{
      index: 0,
      configHash: parsingHashOf(template),
      parserVersion: PARSER_VERSION,
      requestedAt: createdAt,
      plan: parsePlanOf(pace, prefixOf(head, occurrence, 'session') + PLACES[place], outcomeOf(batch.scripts.get(place), 1), upload)
    }]
  }
}

/** The session at an address of its batch as it was made, but for what it is named after; undefined if the batch has no such file. */
export function sessionOf (batch: Batch, address: Address, later: Later): Session | undefined {
  const document = documentOf(batch, address, later)
  if (document === undefined) return undefined
  const { head, occurrence, place } = address
  const { template, autoExtract, createdAt, pace } = batch
  const input = { document, parsing: document.parsings[0] as Parsing }
  const resultId = prefixOf(head, occurrence, 'result') + PLACES[place]
  return {
    id: prefixOf(head, occurrence, 'session') + PLACES[place],
    template,
    name: input,
    autoExtract,
    createdAt,
    renamedAt: null,
    documents: [document],
    runs: [],
    automaticRun: autoExtract
      ? { id: resultId, template, inputs: [input], plan: laterOf(later.extractPlans, resultId) ?? extractPlanOf(pace, resultId, outcomeOf(batch.scripts.get(place), 1)) }
      : null
  }
}

/** Looked up only where there is anything: an id that was just put together is dear to look up. */
export function laterOf<T> (facts: Facts<T>, id: string): T | undefined {
  return facts.isEmpty ? undefined : facts.get(id)
}

/** A batch has at most this many files. Documented. */
export const MAX_BATCH = 50

const PLACES = Array.from({ length: MAX_BATCH }, (_, place) => place.toString(16).padStart(3, '0'))

function prefixOf (head: string, occurrence: number, kind: AddressKind): string {
  return head + occurrence.toString(16).padStart(8, '0') + KINDS.indexOf(kind)
}
