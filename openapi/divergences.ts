/** Where the documentation contradicts itself: what it says, what is answered here, and why. */
export interface Divergence {
  /** The number by which tests name it. */
  readonly row: number
  readonly topic: string
  /** What one place of the documentation says, and what another. */
  readonly documented: readonly [string, string]
  readonly answer: string
  readonly reason: string
}

export const DIVERGENCES: readonly Divergence[] = [
  {
    row: 1,
    topic: 'List of workspaces',
    documented: ['a bare array', '`{data: [...]}`'],
    answer: '`{data: [...]}`',
    reason: 'The published clients read `data`.'
  },
  {
    row: 2,
    topic: 'Path to cancel an invite',
    documented: ['`DELETE .../invites/{inviteId}/cancel`', '`DELETE .../invites/{inviteId}`'],
    answer: 'both',
    reason: 'Neither stands in the way of the other.'
  },
  {
    row: 3,
    topic: 'Fields and statuses of an invite',
    documented: ['`created_at`; `pending`, `expired`', '`valid_until`; `pending`, `accepted`'],
    answer: 'both fields, all three statuses',
    reason: 'A client of either finds what it looks for.'
  },
  {
    row: 4,
    topic: 'Batch delete',
    documented: ['`DELETE .../sessions/batch`', '`POST .../sessions/batch/delete`'],
    answer: 'both',
    reason: 'Neither stands in the way of the other.'
  },
  {
    row: 5,
    topic: 'Batch export',
    documented: ['`POST .../export/{format}` with `json`, `excel`', '`POST .../export` with `format` in the body: `json`, `csv`, `excel`'],
    answer: 'both, with all three formats',
    reason: 'Neither stands in the way of the other.'
  },
  {
    row: 6,
    topic: 'Getting a file into a session',
    documented: ['`POST .../documents` with `{key, filename}`, or the file itself as a form', '`POST .../documents/upload` with `{keys}`'],
    answer: 'all of them',
    reason: 'Clients of every generation work.'
  },
  {
    row: 7,
    topic: 'Document',
    documented: ['`mime_type`, `extraction_session_id`; `pending`, `parsing`, `parsed`, `failed`, or `ready`, `processing`', '`mime`, `workspace_id`; `uploaded`, `queued`, `parsing`, `parsed`, `processed`, `failed`'],
    answer: 'the second',
    reason: 'It is the newer generation.'
  },
  {
    row: 8,
    topic: 'Id of a workspace in documents',
    documented: ['a UUID', 'an integer'],
    answer: 'an integer',
    reason: 'Workspaces have no other id.'
  },
  {
    row: 9,
    topic: 'Result',
    documented: ['`reasoning`; `pending`', '`audit_data`; `created`, `parsing_pending`'],
    answer: 'the second',
    reason: 'It is the newer generation; in clients `reasoning` is optional.'
  },
  {
    row: 10,
    topic: 'List of results',
    documented: ['a bare array', '`{data: [...]}`'],
    answer: '`{data: [...]}`',
    reason: 'It is the newer generation.'
  },
  {
    row: 11,
    topic: 'Form of `config_hash`',
    documented: ['64 hexadecimal digits', '`cfg_` and 16 of them'],
    answer: '64 hexadecimal digits',
    reason: 'What a reparse takes is to be what documents show.'
  },
  {
    row: 12,
    topic: 'Answer to a run',
    documented: ['`{message, job_id}`', '201 and the result'],
    answer: '201 and the result',
    reason: 'It is the newer generation.'
  },
  {
    row: 13,
    topic: '`content_type` of a signed URL',
    documented: ['required', 'optional, `application/octet-stream` by default'],
    answer: 'optional',
    reason: 'It takes what either sends.'
  },
  {
    row: 14,
    topic: 'Signed URL',
    documented: ['`{url, key, headers}`', '`{uuid, url, key, headers}`'],
    answer: '`{uuid, url, key, headers}`',
    reason: 'A client of either finds what it looks for.'
  },
  {
    row: 15,
    topic: 'Form of a file key',
    documented: ['`tmp/<uuid>`', '`tmp/<id>-<filename>`'],
    answer: '`tmp/<uuid>` is handed out, both are taken',
    reason: 'The documented examples work as they stand.'
  },
  {
    row: 16,
    topic: 'URL of a document',
    documented: ['`{url}`', '`{url, expires_at}`'],
    answer: '`{url, expires_at}`',
    reason: 'A client of either finds what it looks for.'
  },
  {
    row: 17,
    topic: 'Chunks',
    documented: ['a bare array with `blocks`', '`{data: [...]}` with `content`, `page_number`; or `content`, `page_numbers`, `token_count`'],
    answer: 'a bare array with `blocks`',
    reason: 'It is what the page itself says; the others are older.'
  },
  {
    row: 18,
    topic: 'Schema of a new template',
    documented: ['`schema`', '`schema_json`'],
    answer: '`schema_json`',
    reason: 'One old example stands against every other page.'
  },
  {
    row: 19,
    topic: 'Status of a body that does not validate',
    documented: ['400', '422'],
    answer: '422; 400 for a body that is not JSON',
    reason: 'Every endpoint says 422.'
  },
  {
    row: 20,
    topic: 'Abilities',
    documented: ['eight', 'those, and `documents-*`, `workflows-*`, `workflow-runs-output-read`'],
    answer: 'all fourteen',
    reason: 'Newer endpoints need the newer ones.'
  },
  {
    row: 21,
    topic: 'Run over documents that are not parsed',
    documented: ['422', '201 and `parsing_pending`'],
    answer: '201 and `parsing_pending`; 422 only without documents',
    reason: 'The newer generation parses when a run needs it.'
  },
  {
    row: 22,
    topic: 'Documents of a session that is deleted',
    documented: ['deleted with it', 'stay in the workspace'],
    answer: 'they stay in the workspace',
    reason: 'A document may be attached to other sessions.'
  },
  {
    row: 23,
    topic: 'What a document belongs to',
    documented: ['a session', 'a workspace'],
    answer: 'a workspace',
    reason: 'It is the newer generation.'
  },
  {
    row: 24,
    topic: 'What tells that an object is a reference to a document',
    documented: ['`kind`, in results', '`type`, in what workflows put out'],
    answer: '`kind`, in results',
    reason: 'Workflows are not served.'
  },
  {
    row: 25,
    topic: 'When a document is parsed',
    documented: ['by itself after the upload', 'on a reparse, or when a run needs it'],
    answer: 'on a reparse or a run; by itself in a batch',
    reason: 'It is the newer generation, and batches are documented to go by themselves.'
  },
  {
    row: 26,
    topic: 'Length of `config_hash`',
    documented: ['exactly 64, for a reparse', '20, in samples'],
    answer: '64',
    reason: 'What documents show can be sent back.'
  },
  {
    row: 27,
    topic: 'Statuses of a result',
    documented: ['with `parsing_pending`', 'without'],
    answer: 'with `parsing_pending`',
    reason: 'The published clients know it.'
  },
  {
    row: 28,
    topic: 'Status of an upload to a session',
    documented: ['201', '200'],
    answer: '200 for `.../documents/upload`, 201 for `.../documents`',
    reason: 'Each as its own generation has it.'
  },
  {
    row: 29,
    topic: 'When there are chunks',
    documented: ['the document is `ready`', 'a document is never `ready`; a parsing is'],
    answer: 'as soon as a parsing is `ready`',
    reason: 'It is the one place where the status exists.'
  },
  {
    row: 30,
    topic: 'Title of the page on uploads to a session',
    documented: ['Upload Document', 'Create Document, Upload Session Documents'],
    answer: 'out of what is served',
    reason: 'It is about the documentation, not the API.'
  }
]

/** What is served beyond the documentation, with the reason for it; so too the tables below. */
export const ADDED_OPERATIONS: Readonly<Record<string, string>> = {
  'PUT /storage/{namespace}/tmp/{name}': 'Where signed upload URLs lead; it stands in for S3.',
  'GET /storage/{namespace}/documents/{documentKey}': 'Where URLs of documents lead; it stands in for S3.',
  'GET /livez': 'Health of the process.',
  'GET /readyz': 'Whether requests can be served.',
  'GET /openapi.json': 'The contract.',
  'GET /docs': 'The contract as a page.',
  'GET /docs/*': 'What that page needs.'
}

/** Replies whose body is not documented. */
export const ADDED_REPLIES: Readonly<Record<string, string>> = {
  'POST /workspaces/{workspaceId}/documents/{documentId}/reparse': 'The status alone is documented; a client wants to know which parsing it has got.'
}

/** Fields, and after `=` values of them, by object or operation. */
export const ADDED_FIELDS: Readonly<Record<string, string>> = {
  'Error.message': 'No error body is documented; this is Laravel\'s, on which the API appears to be built.',
  'Error.errors': 'The same: every fault of a body, by its dotted path.',
  'Document.error': 'Why parsing failed; no place for it is documented. Only on failed documents.',
  'Result.error': 'Why the run failed; no place for it is documented. Only on failed results.',
  'ResultSummary.error': 'The same.',
  'Result.audit_data.*[].*.reasoning': 'What a group that runs over a list looks like is not documented: as a list of groups.',
  'Result.audit_data.*[].*.sources': 'The same.',
  'Result.audit_data.*[].*.sources[].chunk_id': 'The same.',
  'Result.audit_data.*[].*.sources[].text': 'The same.',
  'Result.audit_data.*[].*.sources[].page': 'The same.',
  'Session.settings.auto_extract': 'Whether a batch\'s settings are shown is not documented.',
  'Parsing.status=parsing': 'Only `queued` and `ready` are documented; the rest of the way is the document\'s.',
  'Parsing.status=failed': 'The same.',
  'POST /vapor/signed-storage-url filename': 'The name of the document to be: a key alone does not tell it. Optional.',
  'POST /extractions/templates/{templateId}/sessions/batch/export/{format} format=csv': 'The other form of the call has it.'
}

/** What is documented in some place and not served. */
export const ABSENT_FIELDS: Readonly<Record<string, string>> = {
  'Document.mime_type': 'Of an older generation: row 7.',
  'Document.extraction_session_id': 'Of an older generation: rows 7 and 23.',
  'Document.source.type': 'One sample says so; elsewhere it is `source_type`.',
  'Document.status=pending': 'Of an older generation: row 7.',
  'Document.status=processing': 'Of an older generation: row 7.',
  'Document.status=ready': 'Of an older generation: row 7.',
  'Chunk.content': 'Of an older generation: row 17.',
  'Chunk.page_number': 'Of an older generation: row 17.',
  'Chunk.page_numbers': 'Of an older generation: row 17.',
  'Chunk.token_count': 'Of an older generation: row 17.',
  'Chunk.metadata': 'Of an older generation: row 17.',
  'Chunk.context': 'Optional; no model is there to write it.',
  'Chunk.visual_context': 'Optional; no model is there to write it.',
  'Chunk.blocks[].type=table': 'Tables are read as paragraphs.',
  'Chunk.blocks[].type=table_row': 'Tables are read as paragraphs.',
  'Chunk.blocks[].meta.table': 'Tables are read as paragraphs.',
  'Chunk.blocks[].meta.table_row': 'Tables are read as paragraphs.',
  'Result.reasoning': 'Of an older generation: row 9.',
  'Result.status=pending': 'Of an older generation: row 9.',
  'POST /extractions/templates schema': 'Of an older generation: row 18.',
  'PUT /extractions/sessions/{sessionId} settings': 'A title speaks of it; no table and no schema does.'
}
