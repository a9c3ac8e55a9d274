import { ABSENT_FIELDS, ADDED_FIELDS, ADDED_OPERATIONS, ADDED_REPLIES, DIVERGENCES } from './divergences.ts'

/** The ledger of divergences as a page for people, as it is to stand in `openapi/divergences.md`. */
export function divergencesPage (): string {
  return `# Where documentation and mock differ

Made by \`npm run openapi\` from [divergences.ts](divergences.ts); tests hold every row of it to the server.

## Where the documentation contradicts itself

${table(['', 'Topic', 'One place says', 'Another says', 'raydocs-mock', 'Because'], DIVERGENCES.map(({ row, topic, documented, answer, reason }) => [String(row), topic, ...documented, answer, reason]))}

## What is served beyond it

${table(['Operation', 'Why'], listed({ ...ADDED_OPERATIONS, ...ADDED_REPLIES }))}

The control API, under \`/_mock\`, has a document of its own: [control.json](control.json).

${table(['Field', 'Why'], listed(ADDED_FIELDS))}

## What is documented and not served

Workflows. Else every documented operation is served, and every field but these:

${table(['Field', 'Why'], listed(ABSENT_FIELDS))}
`
}

function listed (reasons: Readonly<Record<string, string>>): string[][] {
  return Object.entries(reasons).map(([name, reason]) => [`\`${name}\``, reason])
}

function table (head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
