/** The server could not be started for a reason that a person can mend; the message is one line. */
export class StartError extends Error {}
