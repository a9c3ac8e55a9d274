/** A contradiction within the documentation, and how raydocs-mock resolves it. */
export interface Divergence {
  /** The number that tests refer to. */
  readonly row: number
  readonly topic: string
  /** Two contradictory statements of the documentation. */
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
    reason: 'The two do not conflict.'
  },
  {
    row: 3,
    topic: 'Fields and statuses of an invite',
    documented: ['`created_at`; `pending`, `expired`', '`valid_until`; `pending`, `accepted`'],
    answer: 'both fields, all three statuses',
    reason: 'Clients of both forms find the fields they expect.'
  },
  {
    row: 4,
    topic: 'Batch delete',
    documented: ['`DELETE .../sessions/batch`', '`POST .../sessions/batch/delete`'],
    answer: 'both',
    reason: 'The two do not conflict.'
  },
  {
    row: 5,
    topic: 'Batch export',
    documented: ['`POST .../export/{format}` with `json`, `excel`', '`POST .../export` with `format` in the body: `json`, `csv`, `excel`'],
    answer: 'both, with all three formats',
    reason: 'The two do not conflict.'
  },
  {
    row: 6,
    topic: 'Adding a file to a session',
    documented: ['`POST .../documents` with `{key, filename}`, or the file itself as a form', '`POST .../documents/upload` with `{keys}`'],
    answer: 'all forms',
    reason: 'Clients of all versions of the API work.'
  },
  {
    row: 7,
    topic: 'Document',
    documented: [
      '`mime_type`, `extraction_session_id`; `pending`, `parsing`, `parsed`, `failed`, or `ready`, `processing`',
      '`mime`, `workspace_id`; `uploaded`, `queued`, `parsing`, `parsed`, `processed`, `failed`'
    ],
    answer: 'the second form',
    reason: 'It is the newer form.'
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
    answer: 'the second form',
    reason: 'It is the newer form; clients treat `reasoning` as optional.'
  },
  {
    row: 10,
    topic: 'List of results',
    documented: ['a bare array', '`{data: [...]}`'],
    answer: '`{data: [...]}`',
    reason: 'It is the newer form.'
  },
  {
    row: 11,
    topic: 'Format of `config_hash`',
    documented: ['64 hexadecimal digits', '`cfg_` and 16 hexadecimal digits'],
    answer: '64 hexadecimal digits',
    reason: 'A reparse accepts the value that documents show.'
  },
  {
    row: 12,
    topic: 'Response to a run',
    documented: ['`{message, job_id}`', '201 and the result'],
    answer: '201 and the result',
    reason: 'It is the newer form.'
  },
  {
    row: 13,
    topic: '`content_type` of a signed URL',
    documented: ['required', 'optional, `application/octet-stream` by default'],
    answer: 'optional',
    reason: 'Requests of both forms succeed.'
  },
  {
    row: 14,
    topic: 'Signed URL',
    documented: ['`{url, key, headers}`', '`{uuid, url, key, headers}`'],
    answer: '`{uuid, url, key, headers}`',
    reason: 'Clients of both forms find the fields they expect.'
  },
  {
    row: 15,
    topic: 'Format of a file key',
    documented: ['`tmp/<uuid>`', '`tmp/<id>-<filename>`'],
    answer: 'issues `tmp/<uuid>`, accepts both',
    reason: 'The documented examples work unchanged.'
  },
  {
    row: 16,
    topic: 'URL of a document',
    documented: ['`{url}`', '`{url, expires_at}`'],
    answer: '`{url, expires_at}`',
    reason: 'Clients of both forms find the fields they expect.'
  },
  {
    row: 17,
    topic: 'Chunks',
    documented: [
      'a bare array with `blocks`',
      '`{data: [...]}` with `content`, `page_number`; or `content`, `page_numbers`, `token_count`'
    ],
    answer: 'a bare array with `blocks`',
    reason: 'The page about chunks says so; the other forms are older.'
  },
  {
    row: 18,
    topic: 'Schema of a new template',
    documented: ['`schema`', '`schema_json`'],
    answer: '`schema_json`',
    reason: 'Only one old example says `schema`.'
  },
  {
    row: 19,
    topic: 'Status for an invalid body',
    documented: ['400', '422'],
    answer: '422; 400 for a body that is not JSON',
    reason: 'The page of every endpoint says 422.'
  },
  {
    row: 20,
    topic: 'Abilities',
    documented: ['eight', 'these eight, `documents-*`, `workflows-*` and `workflow-runs-output-read`'],
    answer: 'all fourteen',
    reason: 'Newer endpoints require the additional ones.'
  },
  {
    row: 21,
    topic: 'Run over unparsed documents',
    documented: ['422', '201 and `parsing_pending`'],
    answer: '201 and `parsing_pending`; 422 only if the session has no documents',
    reason: 'In the newer form a run starts the parsing that it needs.'
  },
  {
    row: 22,
    topic: 'Documents of a deleted session',
    documented: ['deleted with the session', 'stay in the workspace'],
    answer: 'they stay in the workspace',
    reason: 'A document may be attached to other sessions.'
  },
  {
    row: 23,
    topic: 'Owner of a document',
    documented: ['a session', 'a workspace'],
    answer: 'a workspace',
    reason: 'It is the newer form.'
  },
  {
    row: 24,
    topic: 'Field that marks a reference to a document',
    documented: ['`kind`, in results', '`type`, in the output of workflows'],
    answer: '`kind`, in results',
    reason: 'Workflows are not served.'
  },
  {
    row: 25,
    topic: 'Start of parsing',
    documented: ['automatically after the upload', 'on a reparse, or when a run needs it'],
    answer: 'on a reparse or a run; automatically in a batch',
    reason: 'It is the newer form; batches are documented to start automatically.'
  },
  {
    row: 26,
    topic: 'Length of `config_hash`',
    documented: ['exactly 64 characters, for a reparse', '20 characters, in samples'],
    answer: '64 characters',
    reason: 'The value that documents show can be sent in a reparse.'
  },
  {
    row: 27,
    topic: 'Statuses of a result',
    documented: ['with `parsing_pending`', 'without it'],
    answer: 'with `parsing_pending`',
    reason: 'The published clients know this status.'
  },
  {
    row: 28,
    topic: 'Status of an upload to a session',
    documented: ['201', '200'],
    answer: '200 for `.../documents/upload`, 201 for `.../documents`',
    reason: 'Each endpoint keeps the status of its version.'
  },
  {
    row: 29,
    topic: 'Availability of chunks',
    documented: ['the document is `ready`', 'a document is never `ready`; a parsing is'],
    answer: 'as soon as a parsing is `ready`',
    reason: 'Only parsings have this status.'
  },
  {
    row: 30,
    topic: 'Title of the page about uploads to a session',
    documented: ['Upload Document', 'Create Document, Upload Session Documents'],
    answer: 'not applicable',
    reason: 'It concerns the documentation, not the API.'
  },
  {
    row: 31,
    topic: 'Abilities of the published scripts',
    documented: ['the scripts ask for write abilities alone', 'the endpoints that they poll need read abilities'],
    answer: 'each endpoint needs its own ability; with `--abilities write-implies-read`, a write ability includes the read ability',
    reason: 'The page of each endpoint names its ability; the setting lets the scripts run as they are printed.'
  },
  {
    row: 32,
    topic: 'Items of the list of results',
    documented: ['without values', 'whole results'],
    answer: 'whole results',
    reason: 'They contain every field of the short form.'
  }
]

/** Operations that raydocs-mock adds to the documented ones, each with its reason. */
export const ADDED_OPERATIONS: Readonly<Record<string, string>> = {
  'PUT /storage/{namespace}/tmp/{name}': 'Target of signed upload URLs, in place of S3.',
  'GET /storage/{namespace}/documents/{documentKey}': 'Target of download URLs, in place of S3.',
  'GET /': 'Leads browsers to the documentation, and lists links for other clients.',
  'GET /livez': 'Liveness check.',
  'GET /readyz': 'Readiness check.',
  'GET /openapi.json': 'The OpenAPI document.',
  'GET /docs': 'The OpenAPI document as a page.',
  'GET /docs/*': 'Files of that page.'
}

/** Operations whose response body is not documented, each with the reason for having one. */
export const ADDED_REPLIES: Readonly<Record<string, string>> = {
  'POST /workspaces/{workspaceId}/documents/{documentId}/reparse':
    'Only the status is documented; the body tells the client which parsing was started or reused.'
}

/** Fields that raydocs-mock adds (`=` precedes a value), by object or operation, each with its reason. */
export const ADDED_FIELDS: Readonly<Record<string, string>> = {
  'Error.message': 'No error body is documented; this is the format of Laravel, on which the API appears to be built.',
  'Error.errors': 'The same: every issue of a body, by its dotted path.',
  'Document.error': 'Reason of the failure, only on failed documents; no field for it is documented.',
  'Result.error': 'Reason of the failure, only on failed results; no field for it is documented.',
  'Result.audit_data.*[].*.reasoning': 'The form of a group with `iterates_on` is not documented; here it is a list of groups.',
  'Result.audit_data.*[].*.sources': 'The same.',
  'Result.audit_data.*[].*.sources[].chunk_id': 'The same.',
  'Result.audit_data.*[].*.sources[].text': 'The same.',
  'Result.audit_data.*[].*.sources[].page': 'The same.',
  'Chunk.generated': 'Only on chunks whose text is made up: a document without readable text has chunks here that the API could not have.',
  'Session.settings.auto_extract': 'The documentation does not say that a session shows the settings of its batch.',
  'Parsing.status=parsing': 'Only `queued` and `ready` are documented; the others are the statuses of the document.',
  'Parsing.status=failed': 'The same.',
  'POST /vapor/signed-storage-url filename': 'Optional filename of the document, because a key alone does not contain it.',
  'POST /extractions/templates/{templateId}/sessions/batch/export/{format} format=csv': 'The other form of the call has this format.'
}

/** Documented fields and values that raydocs-mock does not serve, each with the reason. */
export const ABSENT_FIELDS: Readonly<Record<string, string>> = {
  'Document.mime_type': 'Older form, see row 7.',
  'Document.extraction_session_id': 'Older form, see rows 7 and 23.',
  'Document.source.type': 'Only one sample has it; all other pages have `source_type`.',
  'Document.status=pending': 'Older form, see row 7.',
  'Document.status=processing': 'Older form, see row 7.',
  'Document.status=ready': 'Older form, see row 7.',
  'Chunk.content': 'Older form, see row 17.',
  'Chunk.page_number': 'Older form, see row 17.',
  'Chunk.page_numbers': 'Older form, see row 17.',
  'Chunk.token_count': 'Older form, see row 17.',
  'Chunk.metadata': 'Older form, see row 17.',
  'Chunk.context': 'Optional; there is no model that could write it.',
  'Chunk.visual_context': 'Optional; there is no model that could write it.',
  'Chunk.blocks[].type=table': 'The text of tables is extracted as paragraphs.',
  'Chunk.blocks[].type=table_row': 'The text of tables is extracted as paragraphs.',
  'Chunk.blocks[].meta.table': 'The text of tables is extracted as paragraphs.',
  'Chunk.blocks[].meta.table_row': 'The text of tables is extracted as paragraphs.',
  'Result.reasoning': 'Older form, see row 9.',
  'Result.status=pending': 'Older form, see row 9.',
  'POST /extractions/templates schema': 'Older form, see row 18.',
  'PUT /extractions/sessions/{sessionId} settings': 'Only a title mentions it; no table and no schema does.'
}
