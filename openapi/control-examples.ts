/** The query and body in the example of an operation, by operation id. Operations without an entry need neither. */
export const CONTROL_EXAMPLES: Readonly<Record<string, { readonly query?: string, readonly body?: string, readonly options?: string }>> = {
  mintToken: { body: '{"namespace": "test-1", "name": "reader", "abilities": ["sessions-read"]}' },
  setClock: { body: '{"mode": "frozen"}' },
  advanceClock: { body: '{"to": "idle"}' },
  putOutcome: {
    body: '{"match": {"file": "*invoice*"}, "attempts": {"1": {"extract_failure": "The model gave up."}, "*": {"extract": "PT5S"}}}'
  },
  failDocument: { body: '{"reason": "The file is encrypted."}' },
  completeResult: { body: '{"data": {"invoice": {"invoice_number": "INV-1"}}, "title": "A title"}' },
  failResult: { body: '{"reason": "The model gave up."}' },
  addFault: { body: '{"match": {"method": "POST"}, "status": 503, "headers": {"Retry-After": "5"}, "times": 1}' },
  setRateLimit: { body: '{"max": 100}' },
  listRequests: { query: 'method=POST&limit=10' },
  countRequests: { body: '{"method": "POST", "status": 201}' },
  waitFor: { query: 'resource=result:$RESULT&until=completed,failed&timeout=10s' },
  watchEvents: { options: '-N' },
  reportConduct: { query: 'format=junit' },
  getState: { options: '-o state.json' },
  putState: { body: '@state.json' },
  forkNamespace: { body: '{"as": "copy"}' }
}
