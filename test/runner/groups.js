import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const TESTS = fileURLToPath(new URL('..', import.meta.url))
const GROUPS = fileURLToPath(new URL('../../.tap/groups', import.meta.url))

/** Test files that share a process: to start one, and to load the application, takes longer than most of them. */
const SIZE = 12

/** Writes modules that run all test files, those of different folders apart. Returns their paths. */
export async function writeGroups () {
  await rm(GROUPS, { recursive: true, force: true })
  await mkdir(GROUPS, { recursive: true })
  const byFolder = new Map()
  for (const file of (await readdir(TESTS, { recursive: true })).filter(name => name.endsWith('.test.ts')).sort()) {
    const folder = file.includes(sep) ? file.split(sep, 1)[0] : 'all'
    byFolder.set(folder, [...byFolder.get(folder) ?? [], file])
  }
  const groups = []
  for (const [folder, files] of byFolder) {
    for (let begin = 0; begin < files.length; begin += SIZE) {
      const path = join(GROUPS, `${folder}-${begin / SIZE + 1}.js`)
      const names = JSON.stringify(files.slice(begin, begin + SIZE))
      await writeFile(path, `import { runFiles } from '../../test/runner/run-files.js'\n\nawait runFiles(${names})\n`)
      groups.push(path)
    }
  }
  return groups
}
