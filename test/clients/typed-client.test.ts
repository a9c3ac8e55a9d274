import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import openapiTs, { astToString } from 'openapi-typescript'
import t from 'tap'
import { run, serve } from './serving.ts'

const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
const tsx = import.meta.resolve('tsx')

t.test('a strict program compiles against types made from the contract, and walks the API with them', async t => {
  const { url, token, folder, pdf, findings } = await serve(t)
  const types = astToString(await openapiTs(new URL('../../openapi/raydocs.json', import.meta.url)))
  await writeFile(join(folder, 'raydocs.d.ts'), types)
  await writeFile(join(folder, 'package.json'), '{"type": "module"}')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: {
      noEmit: true,
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      target: 'es2023',
      lib: ['es2023', 'dom', 'dom.iterable'],
      types: ['node'],
      module: 'nodenext',
      moduleResolution: 'nodenext'
    },
    files: ['walk.ts']
  }))
  await copyFile(new URL('typed-client/walk.ts', import.meta.url), join(folder, 'walk.ts'))
  t.equal(await run(process.execPath, [tsc], { cwd: folder }), '')
  t.equal(await run(process.execPath, ['--import', tsx, 'walk.ts', url, token, pdf], { cwd: folder }), '')
  t.same(await findings(), [])
})
