import { stringify } from 'devalue'
import t from 'tap'
import { readSavedRecordsV1 } from '../../src/store/saved-records-v1.ts'

t.test('records that were removed in version 1 are removed, and a document need not be an upload', async t => {
  const plan = { after: 1 }
  const reading = { mime: 'text/plain', pageCount: 1, failure: null }
  const tables = {
    users: [[1, { id: 1 }], [2, { id: 2 }]],
    workspaces: [[1, { id: 1 }], [2, { id: 2 }]],
    templates: [['t-1', { id: 't-1' }], ['t-2', { id: 't-2' }]],
    batches: [],
    sessions: [['s-1', { id: 's-1' }]],
    documents: [['d-1', { id: 'd-1', upload: null }], ['d-2', { id: 'd-2', upload: { key: 'tmp/a', reading } }]],
    names: [],
    attachments: [],
    sessionsByDocument: [],
    documentByBytes: [],
    runs: [],
    parsings: [],
    extractPlans: [['r-1', plan]],
    sessionByRun: [],
    removed: [['user:2', true], ['workspace:2', true], ['t-2', true], ['s-1', true]],
    uploads: [],
    occurrences: []
  }
  t.strictSame(readSavedRecordsV1(stringify(Object.values(tables))), [
    ['user', '1', { id: 1 }],
    ['user', '2', null],
    ['workspace', '1', { id: 1 }],
    ['workspace', '2', null],
    ['template', 't-1', { id: 't-1' }],
    ['template', 't-2', null],
    ['session', 's-1', { id: 's-1' }],
    ['document', 'd-1', { id: 'd-1', upload: null }],
    ['document', 'd-2', { id: 'd-2', upload: { key: 'tmp/a', inspection: reading } }],
    ['later', 'r-1', { plan }],
    ['later', 't-2', { removed: true }],
    ['later', 's-1', { removed: true }]
  ])
})
