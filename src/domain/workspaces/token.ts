import { hash } from 'node:crypto'
import type { Ability } from './abilities.ts'

/** The holder of a token. */
export interface Caller {
  /** The name by which logs and the journal call the token; never the token itself. */
  readonly name: string
  readonly abilities: ReadonlySet<Ability>
  readonly namespace: string
  /** The e-mail address of the user that the token belongs to. */
  readonly user: string
}

/** A token as it is kept. */
export type TokenRecord = Caller & {
  /** The SHA-256 of the token in 64 hexadecimal digits; the token itself is not kept. */
  readonly sha256: string
}

/** A token that has just been created; its text can be seen only this once. */
export type MintedToken = Caller & { readonly id: string, readonly token: string }

/** Tokens of the real service are refused, so that a test cannot call it by mistake. */
export function isProductionToken (token: string): boolean {
  return token.startsWith('rd_live_')
}

export function digestOfToken (token: string): string {
  return hash('sha256', token, 'hex')
}
