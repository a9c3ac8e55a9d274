import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { withoutLoaders } from '../children.ts'
import { FolderInUse, lockFolder } from '../../src/store/folder-lock.ts'

const IN_USE = new FolderInUse('another process uses it')

/** Folders whose path is short, and too long for a socket. */
function folders (t: Test): string[] {
  const short = t.testdir()
  const long = join(short, 'a-long-name-'.repeat(10))
  mkdirSync(long)
  return [short, long]
}

t.test('a folder belongs to one process at a time', async t => {
  for (const folder of folders(t)) {
    const lock = await lockFolder(folder)
    await t.rejects(lockFolder(folder), IN_USE)
    await lock.release()
    await (await lockFolder(folder)).release()
  }
})

t.test('the lock of a process that was killed does not count', async t => {
  const folder = t.testdir()
  const holder = spawn(...withoutLoaders(process.execPath, ['-e', 'net.createServer().listen("lock", () => { console.log("locked") })']), { cwd: folder })
  t.teardown(() => { holder.kill('SIGKILL') })
  await once(holder.stdout, 'data', { signal: AbortSignal.timeout(10_000) })
  await t.rejects(lockFolder(folder), IN_USE)
  const ended = once(holder, 'exit', { signal: AbortSignal.timeout(10_000) })
  holder.kill('SIGKILL')
  await ended
  t.same(readdirSync(folder), ['lock'], 'it is left behind')
  await (await lockFolder(folder)).release()
})

t.test('a file in place of the lock does not count', async t => {
  const folder = t.testdir()
  writeFileSync(join(folder, 'lock'), '')
  await (await lockFolder(folder)).release()
})

t.test('a folder that cannot hold a socket is not locked', async t => {
  const folder = join(t.testdir(), 'none')
  for (let count = 0; count < 2; count++) await (await lockFolder(folder)).release()
})

t.test('on Windows a named pipe is the lock', async t => {
  const cwd = process.cwd()
  process.chdir(t.testdir())
  t.teardown(() => { process.chdir(cwd) })
  const lock = await lockFolder('folder', 'win32')
  t.match(readdirSync('.'), [/^\\\\\.\\pipe\\raydocs-mock-[0-9a-f]{64}$/], 'which is the name of a socket elsewhere')
  await t.rejects(lockFolder('folder', 'win32'), IN_USE)
  await lock.release()
})
