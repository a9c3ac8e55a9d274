import { FILENAME_DIRECTIVES } from '../domain/lifecycle/filename-directives.ts'
import { presentOccurrence } from './events.ts'
import {
  createNamespaceControl, presentNamespace, type NamespaceBody, type NamespaceControl, type NamespaceControlOptions
} from './namespace-control.ts'
import { writeState } from './state.ts'
import { createTokenControl, type TokenControl } from './tokens.ts'
import { createEventFeeds } from './watch-events.ts'

/** The control interface of the mock, whether or not the control API is on. */
export interface Control {
  readonly tokens: TokenControl
  /** The control interface of one namespace, which need not exist yet. */
  namespace (name: string): NamespaceControl
  /** Returns the namespaces that were used so far, in the order in which they were created. */
  namespaces (): Promise<NamespaceBody[]>
  /** Resets every namespace. */
  resetAll (): Promise<void>
  /** Returns the directives that the name of a file can hold. */
  filenameDirectives (): Promise<Array<{ readonly name: string, readonly meaning: string }>>
}

/** The control interface in the process of the mock itself. */
export interface LocalControl extends Control {
  /** Streams all namespaces as JSON, each as it is at one instant. */
  writeStates (): AsyncIterable<string>
}

export function createControl (given: Omit<NamespaceControlOptions, 'feeds'>): LocalControl {
  const { namespaces, tokens, routeTable } = given
  const options = { ...given, feeds: createEventFeeds(occurrence => presentOccurrence(routeTable, occurrence)) }
  return {
    tokens: createTokenControl(tokens, namespaces),
    namespace: name => createNamespaceControl(name, options),
    async namespaces () {
      return await Promise.all((await namespaces.list()).map(presentNamespace))
    },
    async resetAll () {
      for (const { name } of await namespaces.list()) await namespaces.reset(name)
    },
    async * writeStates () {
      yield '{'
      let separator = '\n'
      for (const namespace of await namespaces.list()) {
        yield `${separator}${JSON.stringify(namespace.name)}:`
        yield * writeState(await namespaces.snapshot(namespace))
        separator = ',\n'
      }
      yield '}'
    },
    async filenameDirectives () {
      return FILENAME_DIRECTIVES.map(({ name, meaning }) => ({ name, meaning }))
    }
  }
}
