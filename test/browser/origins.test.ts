import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import type { Browser, Page } from 'playwright-core'
import { startRaydocsMock, type RaydocsMock } from '../../src/index.ts'
import { launch, skip } from './chromium.ts'

const TEMPLATE = '550e8400-e29b-41d4-a716-446655440000'

/** Serves an empty page, and returns its URL with another name of this machine. */
async function serveFrontEnd (t: Test, name: string): Promise<string> {
  const server = createServer((_request, response) => { response.setHeader('content-type', 'text/html').end('<!doctype html><title>Front end</title>') })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { server.close() })
  return `http://${name}:${(server.address() as AddressInfo).port}/`
}

interface Opened {
  readonly api: RaydocsMock
  readonly page: Page
}

/** Starts a mock, and opens a page. In this browser names that end in `.test` lead to this machine. */
async function open (t: Test, browser: Browser, urlOf: (api: RaydocsMock) => Promise<string> | string, options = {}): Promise<Opened> {
  const api = await startRaydocsMock({ control: true, clock: 'frozen', seed: 'browser', ...options })
  t.teardown(api.close)
  const page = await browser.newPage()
  await page.goto(await urlOf(api))
  return { api, page }
}

/** Sends a request from the page. Returns the status and text that the page can read, or the name of the error. */
async function send (page: Page, url: string, init: object = {}): Promise<[number, string] | string> {
  return await page.evaluate(async ({ url, init }): Promise<[number, string] | string> => {
    try {
      const reply = await fetch(url, init)
      return [reply.status, await reply.text()]
    } catch (error) {
      return (error as Error).name
    }
  }, { url, init })
}

t.test('in a browser', { skip }, async t => {
  const browser = await launch(t)

  t.test('a front end of this machine uploads, creates sessions, and reads results, errors and names', async t => {
    const { api, page } = await open(t, browser, async () => await serveFrontEnd(t, 'localhost'))
    const seen = await page.evaluate(async ({ url, token, template }) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const call = async (path: string, body?: object): Promise<Response> =>
        await fetch(url + path, { headers, ...body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) } })
      const grant = await (await call('/vapor/signed-storage-url', { content_type: 'text/plain' })).json() as { url: string, key: string }
      const upload = await fetch(grant.url, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: 'Invoice Number: INV-7' })
      const batch = await call(`/extractions/templates/${template}/sessions/batch`, { files: [grant.key], settings: { auto_extract: true } })
      const [{ id }] = await batch.json() as [{ id: string }]
      const results = await call(`/extractions/sessions/${id}/results`)
      const error = await call('/extractions/sessions/nowhere/results')
      return {
        etag: upload.headers.get('etag'),
        statuses: [upload.status, batch.status, results.status, error.status],
        requestId: results.headers.get('x-request-id') !== null,
        error: await error.json(),
        id
      }
    }, { url: api.url, token: api.token, template: TEMPLATE })
    t.match(seen, { etag: /^"/, statuses: [200, 201, 200, 404], requestId: true, error: { message: 'Session not found.' } })

    const namespace = await api.namespace('default')
    await namespace.clock.advance({ to: 'idle' })
    const name = await page.evaluate(async ({ url, token, template, id }) => {
      const reply = await fetch(`${url}/extractions/templates/${template}/sessions/batch/export`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ session_ids: [id], format: 'csv' })
      })
      return reply.headers.get('content-disposition')
    }, { url: api.url, token: api.token, template: TEMPLATE, id: seen.id })
    t.equal(name, 'attachment; filename="extraction_results.csv"')
  })

  t.test('a page of another port neither reads nor drives the control API', async t => {
    const { api, page } = await open(t, browser, async () => await serveFrontEnd(t, 'localhost'))
    const namespace = await api.namespace('default')
    await namespace.clock.set({ mode: 'frozen', now: '2024-05-01T00:00:00Z' })
    const before = await namespace.state()
    t.equal(await send(page, `${api.url}/_mock/namespaces`), 'TypeError')
    for (const init of [{ method: 'POST' }, { method: 'POST', mode: 'no-cors' }, { method: 'POST', mode: 'no-cors', body: new URLSearchParams('a=b').toString() }]) {
      await send(page, `${api.url}/_mock/reset`, init)
    }
    await page.setContent(`<form method="POST" action="${api.url}/_mock/reset"><button>Reset</button></form>`)
    await page.click('button')
    await page.waitForURL(`${api.url}/_mock/reset`)
    t.match(JSON.parse(await page.innerText('body')), { status: 403, title: 'Forbidden' })
    t.same(await namespace.state(), before)
  })

  t.test('a page of another site cannot use the API', async t => {
    const { api, page } = await open(t, browser, async () => await serveFrontEnd(t, 'evil.test'))
    const headers = { authorization: `Bearer ${api.token}` }
    t.equal(await send(page, `${api.url}/workspaces`, { headers }), 'TypeError')
    t.equal(await send(page, `${api.url}/_mock/namespaces`), 'TypeError')
    t.same(await (await api.namespace('default')).journal.list(), [], 'no request of the page was carried out')
  })

  t.test('a page that was given leave can', async t => {
    const frontEnd = await serveFrontEnd(t, 'app.test')
    const { api, page } = await open(t, browser, () => frontEnd, { cors: new URL(frontEnd).origin })
    const reply = await send(page, `${api.url}/workspaces`, { headers: { authorization: `Bearer ${api.token}` } })
    t.equal(reply[0], 200)
  })

  t.test('a name that leads to this machine reads nothing', async t => {
    const { page, api } = await open(t, browser, ({ url }) => `http://evil.test:${new URL(url).port}/docs`)
    t.match(JSON.parse(await page.innerText('body')), { message: /^The server is not known by the name evil\.test/ })
    t.same((await send(page, '/_mock/namespaces'))[0], 403)
    t.same((await send(page, '/workspaces', { headers: { authorization: `Bearer ${api.token}` } }))[0], 403)
  })

  t.test('a page of the server itself uses the control API, its events included', async t => {
    const { api, page } = await open(t, browser, ({ url }) => `${url}/_mock/openapi.json`)
    t.equal((await send(page, '/_mock/namespaces'))[0], 200)
    const opened = await page.evaluate(async url => await new Promise<boolean>(resolve => {
      const events = new EventSource(url)
      events.onopen = () => { events.close(); resolve(true) }
      events.onerror = () => { events.close(); resolve(false) }
    }), `${api.url}/_mock/namespaces/default/events`)
    t.ok(opened)
  })
})
