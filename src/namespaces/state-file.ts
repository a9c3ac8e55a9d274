import { readFile, rename, writeFile } from 'node:fs/promises'
import { Type } from '@sinclair/typebox'
import type { Control } from '../control/control.ts'
import { checked } from '../http/validation.ts'
import { DEFAULT_NAMESPACE } from './namespace.ts'

const StateFile = Type.Object({ version: Type.Literal(1), namespaces: Type.Record(Type.String(), Type.Unknown()) })

/** Restores the namespaces that a file holds, or, from a file with the state of one, the default one. Throws an Error that says in a line why it cannot. */
export async function loadStates (control: Control, path: string): Promise<void> {
  const content = await read(path)
  const { namespaces } = checked(StateFile, Object.hasOwn(Object(content), 'records') ? { version: 1, namespaces: { [DEFAULT_NAMESPACE]: content } } : content)
  for (const [name, state] of Object.entries(namespaces)) {
    await control.restore(name, state).catch((error: Error) => {
      throw new Error(`namespace ${name}: ${error.message}`, { cause: error })
    })
  }
}

async function read (path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error('it is not JSON, or was cut short.', { cause: error })
  }
}

/** Saves all namespaces in a file, readable by its owner alone; whoever reads it meanwhile reads the old one whole. */
export async function saveStates (control: Control, path: string): Promise<void> {
  const states = await Promise.all(control.namespaces().map(async ({ name }) => [name, await control.state(name)]))
  const unfinished = `${path}.unfinished`
  await writeFile(unfinished, JSON.stringify({ version: 1, namespaces: Object.fromEntries(states) }), { mode: 0o600 })
  await rename(unfinished, path)
}
