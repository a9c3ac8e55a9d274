import type { Script } from './outcome.ts'
import type { Document, Parsing, RunRequest } from './records.ts'
import { PARSER_VERSION } from '../templates/config-hash.ts'
import { parsingAt } from './lifecycle.ts'
import { outcomeOf } from './outcomes.ts'
import { parsingOf } from './run.ts'

/** The body of a request to parse a document again. */
export interface ReparseRequest {
  readonly config_hash: string
  /** Parse again even if a parsing with this configuration is ready. */
  readonly force?: boolean
  readonly parser_version?: string
}

interface ParsingContext extends Pick<RunRequest, 'requestedAt' | 'pace'> {
  /** The script for the document; its first attempt is the document's first parsing. */
  readonly script: Script | undefined
}

/**
 * Returns the parsing that answers the request: the last one with that configuration if it is unfinished, or ready and not
 * forced; otherwise a new one.
 */
export function nextParsingOf (document: Document, request: ReparseRequest, { requestedAt, pace, script }: ParsingContext): Parsing {
  const { config_hash: configHash, force = false, parser_version: parserVersion = PARSER_VERSION } = request
  const last = document.parsings.findLast(parsing => parsing.configHash === configHash)
  const status = last && parsingAt(last, requestedAt).status
  if (last !== undefined && (status === 'queued' || status === 'parsing' || (status === 'ready' && !force))) return last
  const index = document.parsings.length
  return parsingOf(document, { index, configHash, parserVersion, requestedAt }, pace, outcomeOf(script, index + 1))
}

export function isParsed (parsing: Parsing, now: number): boolean {
  return parsingAt(parsing, now).status === 'ready'
}
