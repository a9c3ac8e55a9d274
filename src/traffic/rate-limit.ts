import type { FastifyReply, FastifyRequest } from 'fastify'
import { HttpError } from '../http/errors.ts'

/** Applies the rate limit of a namespace: the headers say what is left of it, as Laravel's do. Throws a 429 beyond it. */
export async function limitRate ({ caller, traffic, ip, now }: FastifyRequest, reply: FastifyReply, maxRate: number): Promise<void> {
  // Signed URLs, which have no caller, are not part of the API.
  if (caller === undefined) return
  const { count, endsAt } = await traffic.countRequest(ip, now)
  reply.headers({ 'x-ratelimit-limit': maxRate, 'x-ratelimit-remaining': Math.max(0, maxRate - count) })
  if (count <= maxRate) return
  throw new HttpError(429, 'Too Many Attempts.', {
    headers: { 'retry-after': String(Math.ceil((endsAt - now) / 1000)), 'x-ratelimit-reset': String(Math.ceil(endsAt / 1000)) }
  })
}
