/** A row of a table as it is read, cell by cell. */
export interface OpenRow {
  addCell (): void
  /** Adds a text below what the last cell has. */
  addText (text: string): void
  /** Returns the text as it is printed: the first lines of all cells, separated by tabs, then their second lines. */
  text (): string
}

export function createOpenRow (): OpenRow {
  const cells: string[][] = []

  function addCell (): void {
    if (cells.length < MAX_CELLS) cells.push([])
  }

  return {
    addCell,
    addText (text) {
      if (cells.length === 0) addCell()
      cells.at(-1)?.push(...text.trim().split('\n'))
    },
    text () {
      const height = cells.reduce((height, { length }) => Math.max(height, length), 0)
      return Array.from({ length: height }, (_, line) => cells.map(cell => cell[line] ?? '').join('\t')).join('\n')
    }
  }
}

/** The number of cells that Word allows in a row. More of them are read as part of the last one. */
const MAX_CELLS = 63
