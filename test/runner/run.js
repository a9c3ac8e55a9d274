import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { writeGroups } from './groups.js'

/** What must succeed before the tests start: two at a time, the longest first. */
const STEPS = [
  ['types', 'npm run --silent types'],
  ['lint', 'npm run --silent lint'],
  ['build', 'npm run --silent build'],
  ['prepare', 'node test/loader/fill-cache.js && tap build']
]

const begin = performance.now()
const waiting = [...STEPS]
const failed = []
await Promise.all([work(), work()])
if (failed.length === 0) {
  const before = performance.now()
  const [code] = await once(spawn('tap', await writeGroups(), { stdio: 'inherit' }), 'exit')
  if (code !== 0) failed.push('tests')
  await summarize(performance.now() - before)
}
console.log(failed.length === 0 ? `\nAll passed in ${seconds(performance.now() - begin)}.` : `\nFailed: ${failed.join(', ')}.`)
process.exitCode = failed.length === 0 ? 0 : 1

/** Runs the steps that wait, one after the other; the output of one that fails is shown in one piece. */
async function work () {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const [name, command] = step
    const before = performance.now()
    const child = spawn(`${command} 2>&1`, { shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    console.log(`${name.padEnd(8)} ${seconds(performance.now() - before).padStart(7)}  ${code === 0 ? 'passed' : 'failed'}`)
    if (code === 0) continue
    console.log(output)
    failed.push(name)
  }
}

/** Prints which test files took longest, and how much of it was not spent in tests but on starting processes and loading. */
async function summarize (elapsed) {
  const files = []
  let inTests = 0
  let inProcesses = 0
  for (const name of await readdir('.tap/processinfo')) {
    const { externalID, runtime } = JSON.parse(await readFile(`.tap/processinfo/${name}`, 'utf8'))
    if (externalID === undefined) continue
    inProcesses += runtime
    const output = await readFile(`.tap/test-results/${externalID}.tap`, 'utf8')
    for (const [, file, took, tests] of output.matchAll(/^# (\S+) took (\d+) ms, (\d+) of them in tests$/gm)) {
      files.push([Number(took), file])
      inTests += Number(tests)
    }
  }
  files.sort(([a], [b]) => b - a)
  console.log(`\n${files.length} test files in ${seconds(elapsed)}; the slowest:`)
  for (const [took, file] of files.slice(0, 10)) console.log(`${seconds(took).padStart(8)}  ${file}`)
  console.log(`${Math.round(100 - 100 * inTests / inProcesses)} % of the ${seconds(inProcesses)} of all processes was start-up, not tests.`)
}

function seconds (milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
