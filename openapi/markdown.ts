/** Renders a Markdown table; pipes and line breaks in cells are escaped. */
export function table (head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return [head.join(' | '), head.map(() => '---').join(' | '), ...rows.map(cells => cells.map(escapeCell).join(' | '))]
    .map(row => `| ${row} |`)
    .join('\n')
}

/** Renders a text as code. */
export function code (text: string): string {
  return `\`${text}\``
}

/** Returns the anchor that GitHub gives a heading. */
export function anchorOf (heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\w -]/g, '').replaceAll(' ', '-')
}

function escapeCell (cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
