import type { FastifyContextConfig, FastifyRequest } from 'fastify'
import { roleSuffices, type Role, type User } from '../domain/workspaces/workspace.ts'
import { notAuthorized } from './errors.ts'
import { abilitiesIn } from './identity.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The least role that the caller needs in the workspace of the resource; by default it follows from the ability. */
    role?: Role
  }
}

type Call = Pick<FastifyRequest, 'caller' | 'namespace'>

/** Returns the role of the caller in a workspace; undefined if the caller is no member, to whom the workspace does not exist. */
export async function roleIn ({ caller, namespace }: Call, workspaceId: number): Promise<Role | undefined> {
  return (await namespace.records.rolesOf(caller.user)).get(workspaceId)
}

/** Returns true if a role suffices for the route of the request. */
export function roleIsEnough ({ routeOptions: { config } }: Pick<FastifyRequest, 'routeOptions'>, role: Role): boolean {
  return roleSuffices(role, config.role ?? (isForReading(config.ability) ? 'readonly' : 'user'))
}

function isForReading (ability: FastifyContextConfig['ability']): boolean {
  return abilitiesIn(ability).every(one => one.endsWith('-read'))
}

/** Throws a 403 unless the role suffices for the route of the request. */
export function requireRole (request: Pick<FastifyRequest, 'routeOptions'>, role: Role): void {
  if (!roleIsEnough(request, role)) throw notAuthorized()
}

/** Returns the user that the caller's token belongs to; creates an account if there is none. */
export async function userOf ({ caller, namespace }: Call): Promise<User> {
  return await accountOf(namespace, caller.user)
}

/** Returns the user with that e-mail address; creates an account if there is none. */
export async function accountOf ({ records }: Call['namespace'], email: string): Promise<User> {
  return await records.users.ensure(user => user.email === email, id => ({ id, name: nameIn(email), email }))
}

/** `ana.ruiz@example.org` -> `Ana Ruiz`; an address without letters and digits before the @ stands for itself. */
export function nameIn (email: string): string {
  const words = email.replace(/@.*/, '').match(/[\p{L}\p{N}]+/gu) ?? [email]
  return words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}
