import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { writeGroups } from './groups.js'

// Two processes at a time. Lint and types fill the pauses of the tests, which have priority.
const begin = performance.now()
const prepared = await Promise.all([
  run('build', 'npm run --silent build'),
  run('prepare', 'node test/loader/fill-cache.js && tap build')
])
const checked = prepared.map(report).every(Boolean)
  ? await Promise.all([tests(), ...['types', 'lint'].map(async name => await run(name, `nice -n 10 npm run --silent ${name}`))])
  : []
const passed = checked.length > 0 && checked.map(report).every(Boolean)
console.log(`\n${passed ? 'Passed' : 'Failed'} after ${seconds(performance.now() - begin)}.`)
process.exitCode = passed ? 0 : 1

/** Runs a command to its end, with its output kept. */
async function run (name, command) {
  const before = performance.now()
  const child = spawn(`${command} 2>&1`, { shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { name, took: performance.now() - before, passed: code === 0, output }
}

/** Runs the tests, with their output shown as it comes. */
async function tests () {
  const before = performance.now()
  const [code] = await once(spawn('tap', await writeGroups(), { stdio: 'inherit' }), 'exit')
  return { name: 'tests', took: performance.now() - before, passed: code === 0, output: await summary() }
}

/** Prints how a step went; its output if it failed, or if it is the summary of the tests. */
function report ({ name, took, passed, output }) {
  console.log(`${name.padEnd(8)} ${seconds(took).padStart(7)}  ${passed ? 'passed' : 'failed'}`)
  if (!passed || name === 'tests') console.log(output)
  return passed
}

/** Returns which test files took longest, and how much of it was not spent in tests but on starting and loading. */
async function summary () {
  const files = []
  let inTests = 0
  let inProcesses = 0
  for (const name of await readdir('.tap/processinfo').catch(() => [])) {
    const { externalID, runtime } = JSON.parse(await readFile(`.tap/processinfo/${name}`, 'utf8'))
    if (externalID === undefined) continue
    inProcesses += runtime
    const output = await readFile(`.tap/test-results/${externalID}.tap`, 'utf8').catch(() => '')
    for (const [, file, took, tests] of output.matchAll(/^# (\S+) took (\d+) ms, (\d+) of them in tests$/gm)) {
      files.push([Number(took), file])
      inTests += Number(tests)
    }
  }
  files.sort(([a], [b]) => b - a)
  return [
    `${files.length} test files, the slowest:`,
    ...files.slice(0, 10).map(([took, file]) => `${seconds(took).padStart(8)}  ${file}`),
    `${Math.round(100 - 100 * inTests / inProcesses)} % of the ${seconds(inProcesses)} of all processes was start-up, not tests.`
  ].join('\n')
}

function seconds (milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
