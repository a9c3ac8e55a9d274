import { setImmediate } from 'node:timers/promises'

/** Returns a function to call after each step of long work: whenever steps have cost so much, requests that wait go first. */
export function createBreather (costAtATime: number): (cost?: number) => Promise<void> {
  let spent = 0
  return async (cost = 1) => {
    spent += cost
    if (spent < costAtATime) return
    spent = 0
    await setImmediate()
  }
}
