import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CACHE = join(ROOT, 'node_modules/.cache/transpiled')

/** Returns the JavaScript of a TypeScript file of this project, from the cache unless the file is newer. */
export async function transpiled (file) {
  const output = join(CACHE, `${relative(ROOT, file)}.js`)
  const [source, cached] = await Promise.all([stat(file), stat(output).catch(() => undefined)])
  if (cached !== undefined && cached.mtimeMs >= source.mtimeMs) return await readFile(output, 'utf8')

  const { transform } = await import('esbuild')
  const { code } = await transform(await readFile(file, 'utf8'), {
    loader: 'ts',
    target: 'node20',
    sourcefile: pathToFileURL(file).href,
    sourcemap: 'inline',
    sourcesContent: false
  })
  await mkdir(dirname(output), { recursive: true })
  // Another process may read or write the same file.
  const draft = `${output}.${process.pid}`
  await writeFile(draft, code)
  await rename(draft, output)
  return code
}
