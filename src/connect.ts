import { randomUUID } from 'node:crypto'
import { UsageError } from './config/usage-error.ts'
import { createRemoteControl } from './control/remote-control.ts'
import type { HttpError } from './http/errors.ts'
import { createMock, type RaydocsMock } from './mock.ts'
import { StartError } from './start-error.ts'

export interface ConnectOptions {
  /** The base URL of the running mock. */
  readonly url: string
  /** The token of its control API, if it has one. */
  readonly controlToken?: string | undefined
}

/**
 * Connects to a mock in another process, whose control API must be on. The interface is that of startRaydocsMock, with two
 * differences: a namespace without a name gets one that no other process uses, and `close` stops nothing. Throws UsageError for a
 * URL that is not valid, and StartError if no control API answers.
 */
export async function connectRaydocsMock ({ url, controlToken }: ConnectOptions): Promise<RaydocsMock> {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new UsageError(`The option url must be a URL such as http://127.0.0.1:4010; it is "${url}".`)
  }
  const base = url.replace(/\/+$/, '')
  return await createMock({
    url: base,
    control: createRemoteControl({ url: base, controlToken }),
    newName: () => `test-${randomUUID()}`,
    close: async () => {}
  }).catch((error: HttpError) => {
    const reason = error.statusCode === 401 ? 'the option controlToken must be the token of its control API.' : error.message
    throw new StartError(`The mock at ${base} cannot be controlled: ${reason}`, { cause: error })
  })
}
