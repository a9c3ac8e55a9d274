import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'

const UP_TO_DOMAIN = ['domain']
const UP_TO_STORE = ['store', ...UP_TO_DOMAIN]
const UP_TO_NAMESPACES = ['namespaces', ...UP_TO_STORE]
const UP_TO_HTTP = ['http', ...UP_TO_NAMESPACES]
const UP_TO_RESOURCES = ['resources', 'spreadsheets', 'text-extraction', ...UP_TO_HTTP]
const UP_TO_ACTIONS = ['actions', ...UP_TO_RESOURCES]

/** The folders that each folder may import from, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  store: UP_TO_DOMAIN,
  namespaces: UP_TO_STORE,
  http: UP_TO_NAMESPACES,
  resources: UP_TO_HTTP,
  'text-extraction': UP_TO_DOMAIN,
  spreadsheets: UP_TO_DOMAIN,
  traffic: UP_TO_HTTP,
  conduct: UP_TO_HTTP,
  actions: UP_TO_RESOURCES,
  routes: UP_TO_ACTIONS,
  control: ['conduct', 'traffic', ...UP_TO_ACTIONS]
}

/** Put the others together, and are imported by none of them. */
const OUTERMOST = ['cli', 'config']

/** May be imported everywhere. */
const PACKAGE = 'package.ts'

/** The text of each file in `src` by its path from there. */
const sources = new Map((readdirSync('src', { recursive: true }) as string[])
  .filter(path => path.endsWith('.ts'))
  .map(path => [path, readFileSync(join('src', path), 'utf8')]))

/** The files that each file imports or exports from, types included. */
const imports = new Map([...sources].map(([path, text]) => [path, importsIn(path, text)]))

/** The packages that the domain imports: none of them for input or output, and no framework. */
const PACKAGES_OF_DOMAIN = ['@faker-js/faker', '@faker-js/faker/locale/en', 'node:crypto', 'safe-stable-stringify']

function importsIn (path: string, text: string): string[] {
  return specifiersIn(text).filter(specifier => specifier.startsWith('.')).map(specifier => join(dirname(path), specifier))
}

function specifiersIn (text: string): string[] {
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*'([\w@.][\w@.:/-]*)'/g)].map(match => String(match[1]))
}

function folderOf (path: string): string {
  return String(path.split('/')[0])
}

/** Returns a circle of imports for each one that a walk over the files meets. */
function circlesIn (graph: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = []
  const done = new Set<string>()
  function visit (path: string, way: readonly string[]): void {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' -> '))
    else if (!done.has(path)) {
      for (const imported of graph.get(path) ?? []) visit(imported, [...way, path])
      done.add(path)
    }
  }
  for (const path of graph.keys()) visit(path, [])
  return circles
}

/** Returns the imports that lead to a folder which the importing one must not know. */
function importsUpwards (graph: ReadonlyMap<string, readonly string[]>): string[] {
  return [...graph].flatMap(([path, imported]) => {
    const allowed = MAY_IMPORT[folderOf(path)]
    return imported
      .filter(other => allowed !== undefined && other !== PACKAGE && ![folderOf(path), ...allowed].includes(folderOf(other)))
      .map(other => `${path} -> ${other}`)
  })
}

t.test('recognises imports, exports and dynamic imports', async t => {
  const text = "import type { A } from '../a.ts'\nexport * from './b.ts'\nconst c = await import('./c.ts')\nimport 'fastify'"
  t.same(importsIn('x/y.ts', text), ['a.ts', 'x/b.ts', 'x/c.ts'])
})

t.test('recognises circles and imports upwards', async t => {
  const graph = new Map([['domain/a.ts', ['domain/b.ts']], ['domain/b.ts', ['http/c.ts', PACKAGE]], ['http/c.ts', ['domain/a.ts']]])
  t.same(circlesIn(graph), ['domain/a.ts -> domain/b.ts -> http/c.ts -> domain/a.ts'])
  t.same(importsUpwards(graph), ['domain/b.ts -> http/c.ts'])
})

t.test('every import leads to a file', async t => {
  t.same([...imports].flatMap(([path, imported]) => imported.filter(other => !sources.has(other)).map(other => `${path} -> ${other}`)), [])
})

t.test('no files import each other in a circle, types included', async t => {
  t.same(circlesIn(imports), [])
})

t.test('folders depend downwards only', async t => {
  t.same(importsUpwards(imports), [])
})

t.test('every folder has its place', async t => {
  const folders = [...sources.keys()].filter(path => path.includes('/')).map(folderOf)
  t.same(new Set(folders), new Set([...Object.keys(MAY_IMPORT), ...OUTERMOST]))
})

t.test('the domain imports packages for computations alone', async t => {
  const texts = [...sources].filter(([path]) => folderOf(path) === 'domain').map(([, text]) => text)
  const packages = texts.flatMap(specifiersIn).filter(specifier => !specifier.startsWith('.'))
  t.same(new Set(packages), new Set(PACKAGES_OF_DOMAIN))
})

t.test('files of routes export one plugin, and besides it only schemas and types of options', async t => {
  for (const [path, text] of sources) {
    if (!/^(?:control\/)?routes\//.test(path)) continue
    const exported = [...text.matchAll(/^export (.*)$/gm)].map(([, rest]) => String(rest))
    const isPlugin = (rest: string): boolean => /^(?:const|(?:async )?function) \w+Routes\b/.test(rest)
    t.equal(exported.filter(isPlugin).length, 1, `${path} has one plugin`)
    t.same(exported.filter(rest => !isPlugin(rest) && !/^(?:const \w+Body = |(?:interface|type) \w+Options\b)/.test(rest)), [], `${path} exports nothing else`)
  }
})
