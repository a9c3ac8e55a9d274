/** The operations and the fields of objects in the public documentation of the Raydocs API, without workflows. */
export interface DocumentedOperation {
  /** The resource in the documentation. */
  readonly source: string
  readonly call: string
  readonly abilities: readonly string[]
  readonly success: readonly number[]
  /** The body of the response: a component, `[...]` for a list, or an object by its fields; undefined if there is none. */
  readonly reply?: string
  readonly query?: readonly string[]
  /** The fields of the body, dotted, with `!` after required ones; `=` precedes a value. Those of a form are in `multipart`. */
  readonly body?: readonly string[]
  readonly multipart?: readonly string[]
}

const WORKSPACE = '/workspaces/{workspaceId}'
const TEMPLATE = '/extractions/templates/{templateId}'
const SESSION = '/extractions/sessions/{sessionId}'
const DOCUMENT = '/extractions/documents/{documentId}'
const RESULT = '/extractions/results/{resultId}'

const PAGE = 'meta: { current_page, last_page, per_page, total }'
const TAKEN_IN = '{ document: Document, dedup: { reused, matched_by }, document_ref: DocumentRef }'
const RESULT_STATUSES = valuesOf('status', 'created', 'parsing_pending', 'processing', 'completed', 'failed')
const ROLE = valuesOf('role', 'admin', 'user', 'readonly')
const SCHEMA = ['schema_json.config', 'schema_json.config.reasoning_enabled', 'schema_json.config.system_message', 'schema_json.config.extraction_title_prompt', 'schema_json.definitions', 'schema_json.groups']
const SETTINGS = ['settings', 'settings.parsing', 'settings.parsing.contextual_embedding']

export const OPERATIONS: readonly DocumentedOperation[] = [
  operation('Workspaces', 'GET /workspaces', 'workspaces-read', 200, '{ data: [Workspace] }'),
  operation('Workspaces', 'POST /workspaces/create', 'workspaces-write', 201, 'Workspace', { body: ['name!', 'icon'] }),
  operation('Workspaces', `PUT ${WORKSPACE}`, 'workspaces-write', 200, 'Workspace', { body: ['name', 'icon'] }),
  operation('Workspaces', `DELETE ${WORKSPACE}`, 'workspaces-write', 204),

  operation('Workspace Users', `GET ${WORKSPACE}/users`, 'workspace-users-read', 200, '[User]'),
  operation('Workspace Users', `POST ${WORKSPACE}/users/add`, 'workspace-users-write', 200, '{ message, invite_id }', { body: ['email!', 'role!', ...ROLE] }),
  operation('Workspace Users', `DELETE ${WORKSPACE}/users/{userId}/remove`, 'workspace-users-write', 204),
  operation('Workspace Users', `PUT ${WORKSPACE}/users/{userId}/update-role`, 'workspace-users-write', 200, '{ message }', { body: ['role!', ...ROLE] }),
  operation('Workspace Users', `POST ${WORKSPACE}/leave`, 'workspace-users-write', 200, '{ message }'),
  operation('Workspace Users', `GET ${WORKSPACE}/invites`, 'workspace-users-read', 200, '[Invite]'),
  operation('Workspace Users', `POST ${WORKSPACE}/invites/{inviteId}/resend`, 'workspace-users-write', 200, '{ message }'),
  operation('Workspace Users', `GET ${WORKSPACE}/invites/{inviteId}/link`, 'workspace-users-read', 200, '{ link }'),
  operation('Workspace Users', `DELETE ${WORKSPACE}/invites/{inviteId}/cancel`, 'workspace-users-write', 204),
  operation('Workspace Users', `DELETE ${WORKSPACE}/invites/{inviteId}`, 'workspace-users-write', 204),

  operation('Extraction Templates', `GET ${WORKSPACE}/extractions/templates`, 'templates-read', 200, `{ data: [Template], ${PAGE} }`, { query: ['page'] }),
  operation('Extraction Templates', 'POST /extractions/templates', 'templates-write', 201, 'Template', {
    body: ['name!', 'workspace_id!', 'description', 'schema', 'schema_json!', ...SCHEMA, ...SETTINGS]
  }),
  operation('Extraction Templates', `GET ${TEMPLATE}`, 'templates-read', 200, 'Template'),
  operation('Extraction Templates', `PUT ${TEMPLATE}`, 'templates-write', 200, 'Template', { body: ['name', 'description', 'schema_json', ...SCHEMA, ...SETTINGS] }),
  operation('Extraction Templates', `DELETE ${TEMPLATE}`, 'templates-write', 204),
  operation('Extraction Templates', `POST ${TEMPLATE}/duplicate`, 'templates-write', 201, 'Template', { body: ['name'] }),

  operation('Extraction Sessions', 'POST /extractions/sessions', 'sessions-write', 201, 'Session', { body: ['extraction_template_id!', 'name'] }),
  operation('Extraction Sessions', `GET ${SESSION}`, 'sessions-read', 200, 'Session'),
  operation('Extraction Sessions', `PUT ${SESSION}`, 'sessions-write', 200, 'Session', { body: ['name', 'settings'] }),
  operation('Extraction Sessions', `DELETE ${SESSION}`, 'sessions-write', 204),

  operation('Session Documents', `GET ${SESSION}/documents`, 'sessions-read', 200, `{ data: [Document], ${PAGE} }`, { query: ['page'] }),
  operation('Session Documents', `POST ${SESSION}/documents/upload`, 'sessions-write', 200, '{ data: [Document] }', { body: ['keys!'] }),
  operation('Session Documents', `POST ${SESSION}/documents/attach`, 'sessions-write', 200, '{ data: [Document] }', { body: ['document_ids!'] }),
  operation('Session Documents', `DELETE ${SESSION}/documents/{documentId}`, 'sessions-write', 204),
  operation('Session Documents', `POST ${SESSION}/documents`, 'sessions-write', 201, '{ id, filename, status, extraction_session_id, meta, created_at }', {
    body: ['key!', 'filename!'], multipart: ['file!']
  }),

  operation('Batch Operations', `POST ${TEMPLATE}/sessions/batch`, 'sessions-write', 201, '[CreatedSession]', { body: ['files!', 'settings', 'settings.auto_extract'] }),
  operation('Batch Operations', `POST ${TEMPLATE}/sessions/batch/execute`, 'sessions-write', 200, '{ message, queued_count }', { body: ['session_ids!'] }),
  operation('Batch Operations', `DELETE ${TEMPLATE}/sessions/batch`, 'sessions-write', 204, undefined, { body: ['session_ids!'] }),
  operation('Batch Operations', `POST ${TEMPLATE}/sessions/batch/delete`, 'sessions-write', 204, undefined, { body: ['session_ids!'] }),
  operation('Batch Operations', `POST ${TEMPLATE}/sessions/batch/export/{format}`, 'sessions-read', 200, '[{ session_id, session_name, data }]', {
    body: ['session_ids!', ...valuesOf('format', 'json', 'excel')]
  }),
  operation('Batch Operations', `POST ${TEMPLATE}/sessions/batch/export`, 'sessions-read', 200, '[{ session_id, session_name, data }]', {
    body: ['session_ids!', 'format', ...valuesOf('format', 'json', 'csv', 'excel')]
  }),

  operation('Uploading', 'POST /vapor/signed-storage-url', [], 200, '{ uuid, key, url, headers }', { body: ['content_type', 'visibility'] }),

  operation('Workspace Documents', `POST ${WORKSPACE}/documents`, 'documents-write', [200, 201], TAKEN_IN, { body: ['key!', 'filename', 'mime'] }),
  operation('Workspace Documents', `POST ${WORKSPACE}/documents:importUrl`, 'documents-write', [200, 201], TAKEN_IN, { body: ['url!', 'filename'] }),
  operation('Workspace Documents', `GET ${WORKSPACE}/documents/{documentId}`, 'documents-read', 200, 'Document'),
  operation('Workspace Documents', `GET ${WORKSPACE}/documents/{documentId}/url`, ['workspaces-read', 'documents-read'], 200, '{ url, expires_at }'),
  operation('Workspace Documents', `POST ${WORKSPACE}/documents/{documentId}/reparse`, 'documents-write', [200, 202], undefined, {
    body: ['config_hash!', 'force', 'parser_version']
  }),

  operation('Documents', `GET ${DOCUMENT}`, 'sessions-read', 200, 'Document'),
  operation('Documents', `GET ${DOCUMENT}/url`, 'sessions-read', 200, '{ url, expires_at }'),
  operation('Documents', `DELETE ${DOCUMENT}`, 'sessions-write', 204),
  operation('Documents', `GET ${DOCUMENT}/chunks`, 'sessions-read', 200, '[Chunk]'),

  operation('Results', `GET ${SESSION}/results`, 'sessions-read', 200, '{ data: [Result] }'),
  operation('Results', `POST ${SESSION}/results`, 'sessions-write', 201, 'Result'),
  operation('Results', `GET ${RESULT}`, 'sessions-read', 200, 'Result'),
  operation('Results', `DELETE ${RESULT}`, 'sessions-write', 204),
  operation('Results', `GET ${RESULT}/export/excel`, 'sessions-read', 200, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
]

/** The fields of every object, dotted, with `[]` for lists and `*` for free keys; `=` precedes a value. */
export const OBJECTS: Readonly<Record<string, readonly string[]>> = {
  Error: [],
  Workspace: ['id', 'name', 'icon', 'settings', 'created_at', 'updated_at'],
  User: ['id', 'name', 'email', 'role', ...ROLE, 'photo_url'],
  Invite: ['id', 'email', 'role', ...ROLE, 'status', ...valuesOf('status', 'pending', 'expired', 'accepted'), 'created_at', 'valid_until'],
  Template: ['id', 'name', 'description', 'schema_json', ...SCHEMA, ...SETTINGS, 'workspace_id', 'created_at', 'updated_at'],
  CreatedSession: ['id', 'name', 'created_at'],
  Session: [
    'id', 'name', 'extraction_template_id', 'settings', 'status', ...valuesOf('status', 'pending', 'processing', 'completed', 'failed'),
    'created_at', 'updated_at', 'documents', 'results'
  ],
  Document: [
    'id', 'workspace_id', 'extraction_session_id', 'filename', 'mime', 'mime_type', 'size', 'sha256',
    'status', ...valuesOf('status', 'uploaded', 'queued', 'parsing', 'parsed', 'processed', 'failed', 'pending', 'processing', 'ready'),
    'source_type', ...valuesOf('source_type', 'upload', 'url', 'connector'), 'source_url', 'source.type', 'parsings', 'meta', 'meta.page_count', 'meta.file_size', 'created_at'
  ],
  Parsing: ['id', 'config_hash', 'status', ...valuesOf('status', 'queued', 'ready'), 'parser_version', 'updated_at'],
  DocumentRef: ['kind', 'kind=documentRef', 'documentId', 'workspaceId', 'filename', 'mime', 'size', 'sha256', 'source', 'source.type', 'source.url', 'createdAt'],
  Chunk: [
    'id', 'document_id', 'chunk_index', 'blocks', 'context', 'visual_context', 'page_range', 'content', 'page_number', 'page_numbers', 'token_count', 'metadata',
    'blocks[].block_id', 'blocks[].type', ...valuesOf('blocks[].type', 'heading', 'paragraph', 'table', 'table_row'),
    'blocks[].content', 'blocks[].page_ref', 'blocks[].meta', 'blocks[].meta.table', 'blocks[].meta.table_row'
  ],
  Result: [
    'id', 'extraction_session_id', 'status', ...RESULT_STATUSES, 'status=pending', 'config_hash', 'document_refs', 'title', 'data', 'audit_data', 'reasoning',
    'audit_data.*.*.reasoning', 'audit_data.*.*.sources', 'audit_data.*.*.sources[].chunk_id', 'audit_data.*.*.sources[].text', 'audit_data.*.*.sources[].page',
    'created_at', 'updated_at', 'completed_at'
  ]
}

function operation (source: string, call: string, abilities: string | readonly string[], success: number | readonly number[], reply?: string, more: Pick<DocumentedOperation, 'query' | 'body' | 'multipart'> = {}): DocumentedOperation {
  return { source, call, abilities: [abilities].flat(), success: [success].flat(), ...reply === undefined ? {} : { reply }, ...more }
}

function valuesOf (field: string, ...values: string[]): string[] {
  return values.map(value => `${field}=${value}`)
}
