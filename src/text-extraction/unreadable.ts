/** Thrown for a file that cannot be read; the message says why, for a person to act on. */
export class Unreadable extends Error {}

/** Thrown for a file that breaks the rules of its format. A parser's own words would be of no use to a person. */
export class Damaged extends Unreadable {
  constructor () {
    super('The file is damaged: save it again and upload that.')
  }
}
