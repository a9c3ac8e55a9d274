import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'

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
  const [code] = await once(spawn('tap', { shell: true, stdio: 'inherit' }), 'exit')
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

/** Prints which test files took longest, and how much of it was not spent in tests but on starting their processes. */
async function summarize (elapsed) {
  const files = []
  for (const name of await readdir('.tap/processinfo')) {
    const { externalID, runtime } = JSON.parse(await readFile(`.tap/processinfo/${name}`, 'utf8'))
    if (externalID === undefined) continue
    const [, inTests = runtime] = /^# time=([\d.]+)ms\s*$/m.exec(await readFile(`.tap/test-results/${externalID}.tap`, 'utf8')) ?? []
    files.push({ file: externalID, runtime, inTests: Number(inTests) })
  }
  files.sort((a, b) => b.runtime - a.runtime)
  const sum = key => files.reduce((total, file) => total + file[key], 0)
  console.log(`\n${files.length} test files in ${seconds(elapsed)}; the slowest:`)
  for (const { file, runtime } of files.slice(0, 10)) console.log(`${seconds(runtime).padStart(8)}  ${file}`)
  console.log(`${Math.round(100 - 100 * sum('inTests') / sum('runtime'))} % of ${seconds(sum('runtime'))} was spent on starting processes.`)
}

function seconds (milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
