/** Wrong usage: the message is one line that says what is allowed; the program exits with 2. */
export class UsageError extends Error {}
