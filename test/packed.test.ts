import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import t, { type Test } from 'tap'
import { readContract, VERSION } from '../src/package.ts'
import { withoutLoaders } from './children.ts'
import { BATCH_URL, FULL } from './helper.ts'
import { filesIn, readMarkdown } from './markdown.ts'
import { invoicePdf } from './samples.ts'

async function run (program: string, args: readonly string[], options: { cwd?: string, env?: NodeJS.ProcessEnv } = {}): Promise<{ stdout: string }> {
  return await promisify(execFile)(...withoutLoaders(program, args), options)
}

const root = new URL('..', import.meta.url).pathname

interface Lock {
  readonly packages: { readonly [path: string]: { readonly dev?: boolean, readonly optional?: boolean } }
}

/** An empty folder outside of this project, so that nothing is found by accident. */
function emptyFolder (t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'))
  t.teardown(() => { rmSync(folder, { recursive: true }) })
  return folder
}

/** Installs the packed tarball into an empty folder, with the production dependencies of the lockfile and no others. */
async function install (folder: string): Promise<string[]> {
  if (!existsSync(join(root, 'dist/cli.js'))) throw new Error('There is no build to pack: npm run build makes it.')
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: root })
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string, files: Array<{ path: string }> }]
  const modules = join(folder, 'node_modules')
  const home = join(modules, 'raydocs-mock')
  mkdirSync(home, { recursive: true })
  await run('tar', ['-xzf', join(folder, filename), '-C', home, '--strip-components=1'])

  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
  for (const [path, { dev }] of Object.entries(packages)) {
    // Nested ones come along inside the package that has them.
    if (dev === true || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) || !existsSync(join(root, path))) continue
    mkdirSync(join(folder, path, '..'), { recursive: true })
    symlinkSync(join(root, path), join(folder, path))
  }
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  mkdirSync(join(modules, '.bin'))
  symlinkSync(join(home, bin['raydocs-mock']), join(modules, '.bin/raydocs-mock'))
  return files.map(({ path }) => path)
}

/** Uploads an invoice, and returns its batch export as JSON. Throws if there is no workbook of it. */
async function readByIt (url: string): Promise<unknown> {
  const headers = { ...FULL, 'content-type': 'application/json' }
  const post = async (path: string, body: object): Promise<Response> => await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  const upload = await (await post('/vapor/signed-storage-url', { content_type: 'application/pdf' })).json() as { key: string, url: string, headers: Record<string, string> }
  await fetch(upload.url, { method: 'PUT', headers: upload.headers, body: new Uint8Array(await invoicePdf()) })
  const sessions = await (await post(BATCH_URL, { files: [upload.key], settings: { auto_extract: true } })).json() as Array<{ id: string }>
  const ids = { session_ids: sessions.map(({ id }) => id) }
  const workbook = await (await post(`${BATCH_URL}/export/excel`, ids)).text()
  if (!workbook.startsWith('PK')) throw new Error(workbook)
  return await (await post(`${BATCH_URL}/export`, ids)).json()
}

t.test('the packed tarball, installed in an empty folder, serves and can be imported', async t => {
  const folder = emptyFolder(t)
  const files = await install(folder)

  t.same(files.filter(path => !path.startsWith('dist/')).sort(), [
    'CHANGELOG.md', 'LICENSE', 'README.md',
    'openapi/api.md', 'openapi/behaviour.md', 'openapi/configuration.md', 'openapi/control.json', 'openapi/control.md',
    'openapi/decisions.md', 'openapi/divergences.md', 'openapi/raydocs.json', 'openapi/testing.md',
    'package.json'
  ])
  t.ok(files.filter(path => path.startsWith('dist/')).every(path => /^dist\/([\w-]+\.js|text-extraction\/worker\.js|types\/.*\.d\.ts)$/.test(path)), 'nothing but what runs, and its types')

  const child = spawn(...withoutLoaders(join(folder, 'node_modules/.bin/raydocs-mock'), ['--port', '0', '--log-level', 'silent', '--queue', '0', '--parse', '0', '--extract', '0']), { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => { child.kill('SIGKILL') })
  const [line] = await once(child.stdout, 'data')
  const [url = ''] = /http:\S+/.exec(String(line)) ?? []

  const created = await fetch(url + BATCH_URL, { method: 'POST', headers: { ...FULL, 'content-type': 'application/json' }, body: '{"files": ["tmp/a.pdf"], "settings": {"auto_extract": true}}' })
  t.equal(created.status, 201)
  t.equal(created.headers.get('x-raydocs-mock'), VERSION)
  const [{ id }] = await created.json() as [{ id: string }]
  const session = await (await fetch(`${url}/extractions/sessions/${id}`, { headers: FULL })).json() as { status: string, results: [{ data: object }] }
  t.equal(session.status, 'completed')
  t.same(Object.keys(session.results[0].data), ['invoice', 'vendor', 'amounts'])
  t.match(await readByIt(url), [{ data: { invoice: { invoice_number: 'INV-2024-001' } } }], 'an uploaded document is read')
  t.equal(await (await fetch(`${url}/openapi.json`)).text(), readContract())
  t.equal((await fetch(`${url}/docs`)).status, 200)
  t.equal((await fetch(`${url}/docs/static/swagger-ui.css`)).status, 200)
  child.kill('SIGTERM')
  t.same(await once(child, 'exit'), [0, null])

  writeFileSync(join(folder, 'import.mjs'), 'import * as library from "raydocs-mock"; console.log(Object.keys(library).sort().join())')
  const { stdout } = await run(process.execPath, ['import.mjs'], { cwd: folder, env: { PATH: process.env['PATH'] } })
  t.equal(stdout.trim(), 'HttpError,StartError,UsageError,buildApp,connectRaydocsMock,createFileReceiver,createMemoryStore,createNamespaceRegistry,createTextExtractor,openUploadedFiles,readConfig,start,startRaydocsMock')
})

/** A file of a test runner's package that has its functions on top of node:test, as far as the examples use them. */
const RUNNER = `
import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
export { after as afterAll, before as beforeAll, test } from 'node:test'

const includes = (value, part) => Object.entries(part).every(([name, wanted]) => isDeepStrictEqual(value[name], wanted))

export const expect = value => ({
  toBe: wanted => assert.equal(value, wanted),
  toEqual: wanted => assert.deepEqual(value, wanted),
  toMatchObject: part => assert.ok(includes(value, part), JSON.stringify(value)),
  rejects: { toThrow: message => assert.rejects(value, error => error.message.includes(message)) }
})
`

/** Installs a package with a single ES module, or a CommonJS module of the same content. */
async function installModule (folder: string, name: string, code: string, format: 'esm' | 'cjs'): Promise<void> {
  const home = join(folder, 'node_modules', name)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, type: format === 'esm' ? 'module' : 'commonjs', main: 'index.js' }))
  writeFileSync(join(home, 'index.js'), (await transform(code, { format, platform: 'node', target: 'node20' })).code)
}

t.test('the examples of tests pass', async t => {
  const folder = emptyFolder(t)
  await install(folder)
  symlinkSync(join(root, 'node_modules/tap'), join(folder, 'node_modules/tap'))
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
  await installModule(folder, 'vitest', RUNNER, 'esm')
  await installModule(folder, '@jest/globals', RUNNER, 'cjs')
  for (const page of ['README.md', 'openapi/testing.md']) {
    for (const [name, code] of filesIn(readMarkdown(page))) {
      // Node.js 20 has neither `await using` nor TypeScript.
      const { code: translated } = await transform(code, { loader: 'ts', target: 'node20' })
      writeFileSync(join(folder, name.replace(/\.ts$/, '.js')), translated)
    }
  }
  const options = { cwd: folder, env: { PATH: process.env['PATH'] } }
  for (const name of ['extraction.test.js', 'node.test.js', 'vitest.test.js', 'jest.test.js', 'commonjs.test.cjs']) {
    t.match(await run(process.execPath, ['--test', name], options), { stdout: /pass 1\n.*fail 0\n/s }, name)
  }
  t.match(await run(process.execPath, ['tap.test.js'], options), { stdout: /^ok 1 - shows the reason of a failed run/m })
})

t.test('its types hold in a strict project, whichever way modules are resolved', async t => {
  const folder = emptyFolder(t)
  await install(folder)
  symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'))
  writeFileSync(join(folder, 'use.ts'), `
    import {
      connectRaydocsMock, readConfig, start, startRaydocsMock, type AdvancedBody, type ConductBody, type FaultBody, type FaultRule, type Message,
      type MockNamespace, type NamedRuleBody, type RaydocsMock, type RequestBody, type RuleBody, type RunningServer, type WaitedBody
    } from 'raydocs-mock'
    const server: RunningServer = await start(await readConfig({ port: '0' }, { env: {}, folder: '.' }))
    const url: string = server.url
    await server.close()
    // @ts-expect-error there is no such option
    await readConfig(5)
    await using mock = await startRaydocsMock({ port: 0, clock: 'frozen', seed: 1 })
    await using test: MockNamespace = await mock.namespace()
    const { now, fired } = await test.clock.advance({ to: 'idle' })
    const { remaining }: { remaining: number | null } = await test.faults.add({ match: { method: 'POST' }, status: 503, times: 1 })
    const reached: boolean = (await test.waitFor('session:x', 'completed')).reached
    const method: string | undefined = (await test.journal.list({ status: 503 }))[0]?.method
    // @ts-expect-error there is no such mode
    await test.clock.set({ mode: 'fast' })
    // @ts-expect-error there is no such option
    await startRaydocsMock({ sed: 1 })
    const rule: RuleBody = { match: { file: '*.pdf' }, attempts: { 1: { extract_failure: 'No.' } } }
    const named: NamedRuleBody = await test.outcomes.put('rule', rule)
    const fault: FaultRule = { match: {}, drop: true }
    const faults: FaultBody[] = [await test.faults.add(fault)]
    const advanced: AdvancedBody = await test.clock.advance({ by: '1s' })
    const waited: WaitedBody = await test.waitFor('session:x', 'completed')
    const entries: RequestBody[] = await test.journal.list({ path: '/workspaces' })
    const report: ConductBody = await test.conduct()
    await test.assertConduct('warning')
    const connected: RaydocsMock = await connectRaydocsMock({ url, controlToken: undefined })
    for await (const message of await test.events()) ((_: Message): void => {})(message)
    export { url, now, fired, remaining, reached, method, named, faults, advanced, waited, entries, report, connected }
  `)
  for (const resolution of ['nodenext', 'bundler']) {
    const module = resolution === 'nodenext' ? 'nodenext' : 'esnext'
    const compilerOptions = { noEmit: true, strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true, target: 'es2022', lib: ['es2022', 'esnext.disposable'], types: ['node'], module, moduleResolution: resolution }
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }))
    const { stdout } = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], { cwd: folder }).catch((error: { stdout: string }) => error)
    t.equal(stdout, '', resolution)
  }
})
