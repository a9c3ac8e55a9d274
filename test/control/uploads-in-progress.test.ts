import t, { type Test } from 'tap'
import { extractText } from '../../src/text-extraction/extract-text.ts'
import { BATCH_URL, build, FULL, type Rig } from '../helper.ts'

const NS = '/namespaces/default'

/** Uploads a file, and calls `meanwhile` when its bytes have arrived and no record refers to them yet. Returns the file key. */
async function uploadWhile (t: Test, meanwhile: (rig: Rig) => Promise<void>): Promise<{ rig: Rig, key: string }> {
  const rig: Rig = await build(t, {
    uploads: 'strict',
    extractor: {
      async read (path, claim) {
        await meanwhile(rig)
        return await extractText(path, claim)
      }
    }
  })
  const { key, url, headers } = (await rig.call('POST', '/vapor/signed-storage-url', { content_type: 'text/plain' })).json()
  t.equal((await rig.app.inject({ method: 'PUT', url, headers, payload: 'Invoice Number: INV-7\n' })).statusCode, 200)
  return { rig, key }
}

/** Returns the status of a batch over the file: 201 if the namespace has a record of the upload, else 422. */
async function useIn ({ app }: Rig, namespace: string, key: string): Promise<number> {
  const headers = { ...FULL, 'x-mock-namespace': namespace }
  return (await app.inject({ method: 'POST', url: BATCH_URL, headers, payload: { files: [key] } })).statusCode
}

/** Sweeps, and returns which files the namespaces refer to, and which are stored. */
async function filesOf ({ namespaces, storedFiles }: Rig): Promise<{ referenced: string[], stored: string[] }> {
  await namespaces.sweepFiles()
  const digests = await Promise.all((await namespaces.list()).map(async ({ records }) => [...await records.digests()]))
  return { referenced: [...new Set(digests.flat())], stored: await storedFiles() }
}

t.test('a fork during an upload leaves no record without bytes', async t => {
  const { rig, key } = await uploadWhile(t, async ({ control, namespaces }) => {
    t.equal((await control('POST', `${NS}/fork`, { as: 'copy' })).statusCode, 201)
    await namespaces.sweepFiles()
  })
  t.equal(await useIn(rig, 'copy', key), 422, 'the fork is older than the upload')
  t.equal(await useIn(rig, 'default', key), 201)
  const { referenced, stored } = await filesOf(rig)
  t.equal(referenced.length, 1)
  t.strictSame(stored, referenced)
})

t.test('a reset during an upload leaves neither a record nor bytes', async t => {
  const { rig, key } = await uploadWhile(t, async ({ control }) => {
    t.equal((await control('POST', `${NS}/reset`)).statusCode, 204)
  })
  t.equal(await useIn(rig, 'default', key), 422, 'the upload ended in the old state')
  t.strictSame(await filesOf(rig), { referenced: [], stored: [] })
})

t.test('a sweep during an upload of the same bytes keeps them', async t => {
  let uploads = 0
  const { rig, key } = await uploadWhile(t, async ({ app, call, control, namespaces }) => {
    if (++uploads > 1) return
    const { url, headers } = (await call('POST', '/vapor/signed-storage-url', { content_type: 'text/plain' })).json()
    await app.inject({ method: 'PUT', url, headers, payload: 'Invoice Number: INV-7\n' })
    await control('POST', `${NS}/fork`, { as: 'copy' })
    await control('DELETE', '/namespaces/copy')
    await namespaces.sweepFiles()
  })
  t.equal(await useIn(rig, 'default', key), 201)
  const { referenced, stored } = await filesOf(rig)
  t.strictSame(stored, referenced)
  t.equal(stored.length, 1)
})
