/** Thrown if the server cannot be started for a reason that a user can mend; the message is one line. */
export class StartError extends Error {}
