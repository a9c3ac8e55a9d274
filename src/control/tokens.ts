import { Type, type Static } from '@sinclair/typebox'
import type { NamespaceRegistry } from '../namespaces/registry.ts'
import type { Tokens } from '../store/tokens.ts'
import { OWNER } from '../domain/workspaces/owner.ts'
import { ABILITIES } from '../domain/workspaces/abilities.ts'
import { notFound } from '../http/errors.ts'
import { Enum } from '../http/schema.ts'
import { checked } from '../http/validation.ts'
import { DEFAULT_NAMESPACE } from '../namespaces/namespace.ts'
import { NamespaceName } from './schema.ts'

export const TokenRequest = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'The name of the token in logs and the journal.' })),
  abilities: Type.Optional(Type.Array(Enum(['*', ...ABILITIES], 'An ability, or * for all of them.'), {
    minItems: 1,
    maxItems: 50,
    description: 'By default all of them.'
  })),
  namespace: Type.Optional(NamespaceName),
  user: Type.Optional(Type.String({
    format: 'email',
    maxLength: 255,
    description: 'The user that the token belongs to, by default the owner. A new user is a member of no workspace.',
    examples: ['ana@example.org']
  }))
})

export type TokenRequest = Static<typeof TokenRequest>

export const TokenBody = Type.Object({
  token: Type.String(),
  id: Type.String({ description: 'The id by which the token can be revoked.' }),
  name: Type.String(),
  abilities: Type.Array(Type.String()),
  namespace: NamespaceName,
  user: Type.String()
}, { description: 'The token.' })

export type TokenBody = Static<typeof TokenBody>

/** Tokens for tests. */
export interface TokenControl {
  /** Creates a token, which is returned this once, and its namespace. */
  mint (request?: TokenRequest): Promise<TokenBody>
  /** Revokes a token that was minted. Throws a 404 for an unknown one. */
  revoke (id: string): Promise<void>
}

export function createTokenControl (tokens: Tokens, namespaces: NamespaceRegistry): TokenControl {
  return {
    async mint (request = {}) {
      const { name, abilities = ['*'], namespace = DEFAULT_NAMESPACE, user = OWNER.email } = checked(TokenRequest, request)
      const granted = abilities.includes('*') ? ABILITIES : ABILITIES.filter(ability => abilities.includes(ability))
      await namespaces.open(namespace)
      const minted = await tokens.mint({ name, abilities: new Set(granted), namespace, user: user.toLowerCase() })
      return { ...minted, abilities: [...minted.abilities] }
    },
    async revoke (id) {
      if (!await tokens.revoke(id)) throw notFound('Token')
    }
  }
}
