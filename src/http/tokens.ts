import { hash, randomBytes } from 'node:crypto'
import type { Ability } from '../domain/workspaces/abilities.ts'

/** Who a token stands for, and what it may do. */
export interface Caller {
  /** What logs call the token; never the token itself. */
  readonly name: string
  readonly abilities: ReadonlySet<Ability>
  readonly namespace: string
  /** The e-mail address of the user that it belongs to. */
  readonly user: string
}

export type TokenRecord = Caller & {
  /** SHA-256 of the token in 64 hexadecimal digits; the token itself is not kept. */
  readonly sha256: string
}

/** A token that has just been made; this is the only time that it can be seen. */
export type MintedToken = Caller & { readonly id: string, readonly token: string }

/** The tokens that are accepted. */
export interface Tokens {
  /** Whom the token stands for, or undefined if it is not accepted. */
  find (token: string): Caller | undefined
  /** Makes a token; without a name it is called by its id. */
  mint (caller: Omit<Caller, 'name'> & { readonly name?: string | undefined }): MintedToken
  /** From now on the token that was minted with that id is not accepted. False if there is none. */
  revoke (id: string): boolean
  /** Revokes all tokens that were minted for a namespace. */
  revokeAll (namespace: string): void
}

/** Tokens of the real service. They are refused wherever they turn up, lest a test talks to it by mistake. */
export function isProductionToken (token: string): boolean {
  return token.startsWith('rd_live_')
}

export function digestOfToken (token: string): string {
  return hash('sha256', token, 'hex')
}

/** The given tokens, for a start. How long a look-up takes tells nothing of a token: what is looked up is its digest. */
export function createTokens (records: readonly TokenRecord[]): Tokens {
  const byDigest = new Map<string, Caller>(records.map(({ sha256, ...caller }) => [sha256, caller]))
  const minted = new Map<string, { readonly digest: string, readonly namespace: string }>()

  function revoke (id: string): boolean {
    const token = minted.get(id)
    if (token === undefined) return false
    byDigest.delete(token.digest)
    return minted.delete(id)
  }

  return {
    find (token) {
      return isProductionToken(token) ? undefined : byDigest.get(digestOfToken(token))
    },
    mint ({ name, ...rights }) {
      const id = randomBytes(6).toString('hex')
      const token = `rd_test_${randomBytes(20).toString('hex')}`
      const caller = { name: name ?? `token-${id}`, ...rights }
      byDigest.set(digestOfToken(token), caller)
      minted.set(id, { digest: digestOfToken(token), namespace: caller.namespace })
      return { id, token, ...caller }
    },
    revoke,
    revokeAll (namespace) {
      for (const [id, token] of minted) if (token.namespace === namespace) revoke(id)
    }
  }
}
