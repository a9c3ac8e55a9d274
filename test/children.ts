/**
 * Returns a program and its arguments so that it starts without the loaders of the test runner, which every child would
 * inherit: they slow it down, and coverage of the build would blur that of the sources.
 */
export function withoutLoaders (program: string, args: readonly string[]): [program: string, args: string[]] {
  return ['env', ['-u', 'NODE_OPTIONS', program, ...args]]
}
