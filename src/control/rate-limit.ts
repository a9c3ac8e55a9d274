import { Type, type Static } from '@sinclair/typebox'
import type { NamespaceAccess } from './access.ts'
import { Nullable } from '../http/schema.ts'
import { checked } from '../http/validation.ts'

export const RateLimitBody = Type.Object({
  max: Nullable(
    Type.Integer({ minimum: 0, maximum: 1_000_000, title: 'a number of requests' }),
    'The number of requests that an IP address may make in a minute of the namespace\'s clock; null for no limit.'
  )
})

export type RateLimitBody = Static<typeof RateLimitBody>

/** The rate limit of a namespace. */
export interface RateLimitControl {
  get (): Promise<RateLimitBody>
  /** Sets the limit, and forgets the requests that were counted. */
  set (limit: RateLimitBody): Promise<RateLimitBody>
}

export function createRateLimitControl ({ find, open }: NamespaceAccess): RateLimitControl {
  return {
    get: async () => ({ max: await (await find()).rateLimit() }),
    async set (limit) {
      const { max } = checked(RateLimitBody, limit)
      await (await open()).setRateLimit(max)
      return { max }
    }
  }
}
