import { AssertionError } from 'node:assert'
import type { Control } from './control/control.ts'
import type { NamespaceControl } from './control/namespace-control.ts'
import type { TokenBody, TokenRequest } from './control/tokens.ts'
import { linesOf, plural } from './conduct/conduct-text.ts'
import { HttpError } from './http/errors.ts'

/** A mock that serves in this process or, if connected, in another one. `await using` closes it. */
export interface RaydocsMock extends AsyncDisposable {
  /** The base URL for clients, without a trailing slash. */
  readonly url: string
  /** A token with every ability, for the namespace `default`. */
  readonly token: string
  /** Returns the control interface of a namespace: the one of that name, or a new one. */
  namespace (name?: string): Promise<MockNamespace>
  /** Returns the names of the namespaces that were used so far. */
  namespaces (): Promise<string[]>
  /** Returns the directives that the name of a file can hold. */
  filenameDirectives (): ReturnType<Control['filenameDirectives']>
  /** Resets every namespace; tokens stay. */
  reset (): Promise<void>
  /** Stops serving and releases everything. A connected mock continues to serve: other processes may use it. */
  close (): Promise<void>
}

/**
 * The control interface of one namespace, as the control API offers it, with a token for it. `await using` deletes the
 * namespace.
 */
export interface MockNamespace extends NamespaceControl, AsyncDisposable {
  /** A token with every ability, minted for this object. */
  readonly token: string
  /** Mints another token for the namespace. */
  mintToken (request?: Omit<TokenRequest, 'namespace'>): Promise<TokenBody>
  /** Revokes a token that was minted. */
  revokeToken (id: string): Promise<void>
  /** Throws an AssertionError that names each violation in the conduct report, of severity `error` unless warnings count too. */
  assertConduct (failOn?: 'error' | 'warning'): Promise<void>
  fork (as: string): Promise<MockNamespace>
}

export interface MockParts {
  readonly url: string
  readonly control: Control
  /** Returns a name for the next new namespace. */
  readonly newName: () => string
  readonly close: () => Promise<void>
}

/** Creates the mock whose control interface is in this process or in another one. */
export async function createMock ({ url, control, newName, close }: MockParts): Promise<RaydocsMock> {
  const { token } = await control.tokens.mint()
  return {
    url,
    token,
    namespace: async name => await withToken(control, control.namespace(name ?? newName())),
    namespaces: async () => (await control.namespaces()).map(({ name }) => name),
    filenameDirectives: control.filenameDirectives,
    reset: control.resetAll,
    close,
    [Symbol.asyncDispose]: close
  }
}

async function withToken (control: Control, namespace: NamespaceControl): Promise<MockNamespace> {
  const { name } = namespace
  const mintToken: MockNamespace['mintToken'] = async (request = {}) => await control.tokens.mint({ ...request, namespace: name })
  const { token } = await mintToken({ name })
  return {
    ...namespace,
    token,
    mintToken,
    revokeToken: control.tokens.revoke,
    assertConduct: async failOn => { await assertConduct(namespace, failOn) },
    fork: async as => await withToken(control, await namespace.fork(as)),
    async [Symbol.asyncDispose] () {
      await namespace.delete().catch(ignoreDeleted)
    }
  }
}

async function assertConduct (namespace: NamespaceControl, failOn: 'error' | 'warning' = 'error'): Promise<void> {
  const { findings, summary } = await namespace.conduct()
  const violations = findings.filter(({ severity }) => failOn === 'warning' || severity === 'error')
  const [first] = violations
  if (first === undefined) return
  const message = [
    `The client broke rules of conduct in ${plural(summary.requests, 'request')} to the namespace ${namespace.name}:`,
    ...linesOf(violations),
    'The journal has each request by its id, with headers, body and response:',
    `(await api.journal.list()).find(({ id }) => id === ${first.request})`
  ].join('\n')
  throw new AssertionError({ message, actual: violations, expected: [], operator: 'assertConduct', stackStartFn: assertConduct })
}

/** A test may have deleted its namespace before the end of the scope. */
function ignoreDeleted (error: unknown): void {
  if (!(error instanceof HttpError) || error.statusCode !== 404) throw error
}
