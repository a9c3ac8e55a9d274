import type { MockOptions } from './config/mock-options.ts'
import { configOf } from './config/mock-options.ts'
import { createMock, type RaydocsMock } from './mock.ts'
import { start } from './start.ts'

/** Starts a mock on a port that the system chooses. Throws UsageError for options that are not valid. */
export async function startRaydocsMock (options: MockOptions = {}): Promise<RaydocsMock> {
  const { url, control, close } = await start(configOf(options))
  let created = 0
  return await createMock({ url, control, newName: () => `test-${++created}`, close: async () => { await close() } })
}
