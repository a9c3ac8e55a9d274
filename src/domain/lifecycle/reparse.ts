import type { Document, Parsing, RunRequest } from './records.ts'
import { PARSER_VERSION } from '../templates/config-hash.ts'
import { parsingAt } from './lifecycle.ts'
import type { Script } from './outcome.ts'
import { outcomeOf } from './outcomes.ts'
import { parsingOf } from './run.ts'

/** What somebody asks for who wants a document parsed. */
export interface Reparse {
  readonly config_hash: string
  readonly force?: boolean
  readonly parser_version?: string
}

/**
 * The parsing that answers the wish: the last with that configuration if it is under way, or ready and not to be made again;
 * else a new one. A script's first attempt is the document's first parsing.
 */
export function nextParsingOf (document: Document, { config_hash: configHash, force = false, parser_version: parserVersion = PARSER_VERSION }: Reparse, { requestedAt, pace, script }: Pick<RunRequest, 'requestedAt' | 'pace'> & { readonly script: Script | undefined }): Parsing {
  const index = document.parsings.length
  const last = document.parsings.findLast(parsing => parsing.configHash === configHash)
  const status = last && parsingAt(last, requestedAt).status
  if (last !== undefined && (status === 'queued' || status === 'parsing' || (status === 'ready' && !force))) return last
  return parsingOf(document, { index, configHash, parserVersion, requestedAt }, pace, outcomeOf(script, index + 1))
}

export function isParsed (parsing: Parsing, now: number): boolean {
  return parsingAt(parsing, now).status === 'ready'
}
