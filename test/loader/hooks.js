import { fileURLToPath } from 'node:url'
import { transpiled } from './transpile.js'

/**
 * Loads the transpiled text in place of a TypeScript file, under the URL of the file. Passing it on as the source lets
 * the loaders of tap see it, which collect coverage.
 */
export async function load (url, context, nextLoad) {
  const { protocol, pathname } = new URL(url)
  if (protocol !== 'file:' || !pathname.endsWith('.ts') || pathname.includes('/node_modules/')) return await nextLoad(url, context)
  return await nextLoad(url, { ...context, format: 'module', source: await transpiled(fileURLToPath(new URL(pathname, url))) })
}
