/** Prints rows under a head: the first column to the left, the others to the right. */
export function table (head: readonly string[], rows: ReadonlyArray<readonly string[]>): void {
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0)))
  const print = (line: readonly string[]): void => {
    console.log(line.map((cell, column) => column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)).join('   ').trimEnd())
  }
  console.log()
  print(head)
  console.log('-'.repeat(widths.reduce((sum, width) => sum + width + 3, -3)))
  rows.forEach(print)
}

/** A whole number with its thousands apart; a dash for what could not be measured. */
export function number (value: number): string {
  return Number.isNaN(value) ? '-' : Math.round(value).toLocaleString('en')
}

/** A row that says whether a goal was reached. */
export function mark (name: string, ratio: number, { atLeast, atMost }: { atLeast: number, atMost?: never } | { atMost: number, atLeast?: never }): string[] {
  const reached = atLeast === undefined ? ratio <= atMost : ratio >= atLeast
  const goal = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`
  return [name, ratio.toFixed(3), goal, reached ? 'reached' : 'NOT REACHED']
}
