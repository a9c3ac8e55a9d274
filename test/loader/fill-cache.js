import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { transpiled } from './transpile.js'

// One process transpiles all files faster than each test process its own.
for (const folder of ['src', 'test', 'openapi']) {
  const names = await readdir(folder, { recursive: true })
  await Promise.all(names.filter(name => name.endsWith('.ts')).map(async name => await transpiled(join(process.cwd(), folder, name))))
}
