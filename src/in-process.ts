import type { MockOptions } from './config/mock-options.ts'
import type { Control } from './control/control.ts'
import type { NamespaceControl } from './control/namespace-control.ts'
import type { TokenBody, TokenRequest } from './control/tokens.ts'
import { configOf } from './config/mock-options.ts'
import { start } from './start.ts'

/** A mock that serves in this process. `await using` closes it. */
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
  /** Stops serving and releases everything. */
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
  fork (as: string): Promise<MockNamespace>
}

/** Starts a mock on a port that the system chooses. Throws UsageError for options that are not valid. */
export async function startRaydocsMock (options: MockOptions = {}): Promise<RaydocsMock> {
  const { url, control, close } = await start(configOf(options))
  const { token } = await control.tokens.mint()
  let created = 0

  return {
    url,
    token,
    namespace: async name => await withToken(control, control.namespace(name ?? `test-${++created}`)),
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
    fork: async as => await withToken(control, await namespace.fork(as)),
    async [Symbol.asyncDispose] () {
      await namespace.delete()
    }
  }
}
