/** A violation as the control API presents it. */
export interface PresentedViolation {
  readonly rule: string
  readonly severity: string
  readonly message: string
  /** The id of the request in the journal. */
  readonly request: number
  readonly method: string
  readonly path: string
}

/** Renders each violation as a line, in columns. */
export function linesOf (findings: readonly PresentedViolation[]): string[] {
  const width = Math.max(...findings.map(({ rule }) => rule.length))
  return findings.map(({ severity, rule, request, method, path, message }) =>
    `${severity.padEnd(7)}  ${rule.padEnd(width)}  #${request} ${method} ${path}  ${message}`)
}

export function plural (count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
