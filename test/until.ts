import { setTimeout } from 'node:timers/promises'

/** Waits until `holds` answers true. Rejects with `what` after ten seconds. */
export async function until (what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const limit = Date.now() + 10_000
  while (!await holds()) {
    if (Date.now() > limit) throw new Error(`Waited ten seconds: ${what}.`)
    await setTimeout(2)
  }
}
