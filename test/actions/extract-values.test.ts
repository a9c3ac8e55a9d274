import t, { type Test } from 'tap'
import type { ResultState } from '../../src/domain/lifecycle/lifecycle.ts'
import type { FileReceiver } from '../../src/actions/receive-file.ts'
import { createExtractor } from '../../src/actions/extract-values.ts'
import { resultsAt } from '../../src/domain/lifecycle/lifecycle.ts'
import { build, NOON } from '../helper.ts'

/** Returns the completed result of an uploaded file. */
async function completedResult (t: Test): Promise<ResultState> {
  const rig = await build(t)
  const { key, url, headers } = (await rig.call('POST', '/vapor/signed-storage-url', { filename: 'a.txt' })).json()
  await rig.app.inject({ method: 'PUT', url, headers, payload: 'Total Amount: 12.50\n' })
  const ids = await rig.create([key], { auto_extract: true })
  const [session] = await (await rig.namespaces.open('default')).records.findSessions(ids)
  const [result] = session === undefined ? [] : resultsAt(session, NOON + 1_000_000)
  if (result?.status !== 'completed') throw new Error('the result has not completed')
  return result
}

/** A receiver that counts how often it is asked for a text. */
function countingReceiver (textOf: FileReceiver['textOf'] = async () => undefined): FileReceiver & { count: () => number } {
  let count = 0
  return {
    maxSize: 1,
    receive: async () => { throw new Error('nothing is received') },
    async textOf (upload) {
      count++
      return await textOf(upload)
    },
    count: () => count
  }
}

t.test('the last 500 extractions are remembered', async t => {
  const result = await completedResult(t)
  const receiver = countingReceiver()
  const extractor = createExtractor(receiver)
  const first = await extractor.extractResult('seed 0', result)
  for (let n = 1; n <= 500; n++) await extractor.extractResult(`seed ${n}`, result)
  t.equal(receiver.count(), 501)
  await extractor.extractResult('seed 500', result)
  t.equal(receiver.count(), 501, 'the last one is remembered')
  t.strictSame(await extractor.extractResult('seed 0', result), first, 'the first one was forgotten, and is the same again')
  t.equal(receiver.count(), 502)
})

t.test('an extraction that failed is tried again', async t => {
  const result = await completedResult(t)
  let fails = true
  const extractor = createExtractor(countingReceiver(async () => {
    if (fails) throw new Error('the disk is gone')
    return undefined
  }))
  await t.rejects(extractor.extractResult('seed', result), { message: 'the disk is gone' })
  fails = false
  t.ok((await extractor.extractResult('seed', result)).extraction)
})
