import { access, constants, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Type } from '@sinclair/typebox'
import type { Control, LocalControl } from './control.ts'
import type { StateBody } from './state.ts'
import { checked } from '../http/validation.ts'
import { DEFAULT_NAMESPACE } from '../namespaces/namespace.ts'
import { replaceFile, tidyFile } from '../store/uploaded-files.ts'

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

/** Thrown where the state cannot be saved; the message is one line. */
export class StateNotSaved extends Error {
  constructor (path: string, { code, message }: NodeJS.ErrnoException, cause?: unknown) {
    super(`The state cannot be saved in ${path}: ${code === 'ENOENT' ? 'there is no such folder' : message}.`, { cause })
  }
}

/** Finds out now what would keep the state from being saved later. Throws StateNotSaved. */
export async function prepareSaving (path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK)
    await tidyFile(path)
    if ((await stat(path).catch(() => undefined))?.isDirectory() === true) throw new Error('it is a folder')
  } catch (error) {
    throw new StateNotSaved(path, error as Error, error)
  }
}

/**
 * Saves all namespaces in a file that only its owner can read. A reader sees the old file or the new one, never a part. Throws
 * StateNotSaved, also when the signal aborts.
 */
export async function saveStates (control: LocalControl, path: string, signal: AbortSignal): Promise<void> {
  async function * content (): AsyncGenerator<string> {
    yield '{"version":1,"namespaces":'
    yield * control.writeStates()
    yield '}\n'
  }
  await replaceFile(path, content(), signal).catch(error => {
    throw new StateNotSaved(path, signal.aborted ? new Error('there was not enough time') : error, error)
  })
}
