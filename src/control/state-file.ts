import { readFile } from 'node:fs/promises'
import { Type } from '@sinclair/typebox'
import type { Control } from './control.ts'
import type { StateBody } from './state.ts'
import { checked } from '../http/validation.ts'
import { DEFAULT_NAMESPACE } from '../namespaces/namespace.ts'
import { replaceFile } from '../store/uploaded-files.ts'

const StateFile = Type.Object({ version: Type.Literal(1), namespaces: Type.Record(Type.String(), Type.Unknown()) })

/**
 * Restores the namespaces in a file, or the default namespace from a file with the state of one. Throws an Error whose message is
 * one line.
 */
export async function loadStates (control: Control, path: string): Promise<void> {
  const content = await readJson(path)
  const isOneState = Object.hasOwn(Object(content), 'records')
  const { namespaces } = checked(StateFile, isOneState ? { version: 1, namespaces: { [DEFAULT_NAMESPACE]: content } } : content)
  for (const [name, state] of Object.entries(namespaces)) {
    await control.namespace(name).restore(state as StateBody).catch((error: Error) => {
      throw new Error(`namespace ${name}: ${error.message}`, { cause: error })
    })
  }
}

async function readJson (path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error('it is not JSON, or was cut short.', { cause: error })
  }
}

/** Saves all namespaces in a file that only its owner can read. A reader sees the old file or the new one, never a part. */
export async function saveStates (control: Control, path: string): Promise<void> {
  const namespaces = await control.namespaces()
  const states = await Promise.all(namespaces.map(async ({ name }) => [name, await control.namespace(name).state()] as const))
  await replaceFile(path, JSON.stringify({ version: 1, namespaces: Object.fromEntries(states) }))
}
