/**
 * A command that the present state does not allow. The reason is `missing` for an unknown resource, `forbidden` for a command
 * that is not permitted, or the body field that conflicts with the state. The message is for the client.
 */
export class DomainError extends Error {
  readonly reason: 'missing' | 'forbidden' | { readonly field: string }

  constructor (reason: DomainError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}
