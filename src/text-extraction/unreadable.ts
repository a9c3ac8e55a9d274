/** Thrown for a file that cannot be read; the message says why, for a person to act on. */
export class Unreadable extends Error {}

/** For a file that its format's own reader turned down, with that reader's reason, shortened. */
export function notReadable (what: string, error: unknown): Unreadable {
  const [reason = ''] = (error as Error).message.split(/\n|\. /, 1)
  return new Unreadable(`The file is not a readable ${what}: ${reason.slice(0, MAX_REASON).replace(/\.$/, '')}.`)
}

const MAX_REASON = 120
