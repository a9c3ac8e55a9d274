import type { FastifyContextConfig, FastifyRequest } from 'fastify'
import { roleSuffices, type Role, type User } from '../domain/workspaces/workspace.ts'
import { notAuthorized } from './errors.ts'
import { abilitiesIn } from './identity.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller must at least be in the workspace that the request is about; unless given, it follows from the ability. */
    role?: Role
  }
}

type Asking = Pick<FastifyRequest, 'caller' | 'namespace'>

/** What the caller is in a workspace; undefined for no member, who may not know of it. */
export async function roleIn ({ caller, namespace }: Asking, workspaceId: number): Promise<Role | undefined> {
  return (await namespace.store.rolesOf(caller.user)).get(workspaceId)
}

/** Whether a role is enough for the request's route. */
export function roleIsEnough ({ routeOptions: { config } }: Pick<FastifyRequest, 'routeOptions'>, role: Role): boolean {
  return roleSuffices(role, config.role ?? (isForReading(config.ability) ? 'readonly' : 'user'))
}

function isForReading (ability: FastifyContextConfig['ability']): boolean {
  return typeof ability === 'string' ? ability.endsWith('-read') : abilitiesIn(ability).every(isForReading)
}

/** Throws a 403 unless the role is enough for the request's route. */
export function requireRole (request: Pick<FastifyRequest, 'routeOptions'>, role: Role): void {
  if (!roleIsEnough(request, role)) throw notAuthorized()
}

/** The user that the caller's token belongs to; gets an account if there is none yet. */
export async function userOf ({ caller, namespace }: Asking): Promise<User> {
  return await accountOf(namespace, caller.user)
}

/** Whoever has that e-mail address; gets an account if there is none yet. */
export async function accountOf ({ store }: Asking['namespace'], email: string): Promise<User> {
  return await store.users.ensure(user => user.email === email, id => ({ id, name: nameIn(email), email }))
}

/** `ana.ruiz@example.org` -> `Ana Ruiz`; an address without letters and digits before the @ stands for itself. */
export function nameIn (email: string): string {
  const words = email.replace(/@.*/, '').match(/[\p{L}\p{N}]+/gu) ?? [email]
  return words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}
