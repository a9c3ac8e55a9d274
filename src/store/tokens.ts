import { randomBytes } from 'node:crypto'
import { digestOfToken, isProductionToken, type Caller, type MintedToken, type TokenRecord } from '../domain/workspaces/token.ts'

/** The tokens that are accepted. */
export interface Tokens {
  /** Returns the holder of a token; undefined if it is not accepted. */
  find (token: string): Promise<Caller | undefined>
  /** Creates a token; without a name it is named after its id. */
  mint (caller: Omit<Caller, 'name'> & { readonly name?: string | undefined }): Promise<MintedToken>
  /** Revokes a token that was minted. Returns false if there is none with that id. */
  revoke (id: string): Promise<boolean>
  /** Revokes all tokens that were minted for a namespace. */
  revokeAll (namespace: string): Promise<void>
}

/**
 * Creates tokens in this process's memory, with the given ones to begin with. The time that a look-up takes reveals nothing
 * about a token, since its digest is looked up.
 */
export function createMemoryTokens (records: readonly TokenRecord[]): Tokens {
  const byDigest = new Map<string, Caller>(records.map(({ sha256, ...caller }) => [sha256, caller]))
  const minted = new Map<string, { readonly digest: string, readonly namespace: string }>()

  async function revoke (id: string): Promise<boolean> {
    const token = minted.get(id)
    if (token === undefined) return false
    byDigest.delete(token.digest)
    return minted.delete(id)
  }

  return {
    async find (token) {
      return isProductionToken(token) ? undefined : byDigest.get(digestOfToken(token))
    },
    async mint ({ name, ...rights }) {
      const id = randomBytes(6).toString('hex')
      const token = `rd_test_${randomBytes(20).toString('hex')}`
      const caller = { name: name ?? `token-${id}`, ...rights }
      byDigest.set(digestOfToken(token), caller)
      minted.set(id, { digest: digestOfToken(token), namespace: caller.namespace })
      return { id, token, ...caller }
    },
    revoke,
    async revokeAll (namespace) {
      for (const [id, token] of minted) if (token.namespace === namespace) await revoke(id)
    }
  }
}
