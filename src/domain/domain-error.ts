/**
 * A command that the present state does not allow: `missing` for what is not there, `forbidden` for what may not be done,
 * or, with the field that is to blame, for what does not go with what is there. The message is for who asked.
 */
export class DomainError extends Error {
  readonly reason: 'missing' | 'forbidden' | { readonly field: string }

  constructor (reason: DomainError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}
