import { readFileSync } from 'node:fs'

/** Reads a Markdown file by its path from the root of the project. */
export function readMarkdown (path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
}

/** Returns the text under a heading, up to the next heading of any level outside of code. */
export function section (markdown: string, heading: string): string {
  return markdown.split(/^#{2,} /m).find(text => text.startsWith(`${heading}\n`)) ?? ''
}

/** Returns the fenced blocks of one language. */
export function blocks (markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code)
}

/** Returns the cells of all rows of the tables, without their heads. */
export function table (markdown: string): string[][] {
  const lines = markdown.split('\n')
  return lines
    .filter((line, place) => line.startsWith('|') && !/^\| -{3}/.test(line) && !/^\| -{3}/.test(lines[place + 1] ?? ''))
    .map(line => line.split(/(?<!\\)\|/).slice(1, -1).map(cell => cell.trim()))
}

/** Returns the code blocks that begin with the name of a file, by that name. */
export function filesIn (markdown: string): Map<string, string> {
  return new Map([...blocks(markdown, 'js'), ...blocks(markdown, 'ts')].flatMap(code => {
    const [, name] = /^\/\/ ([\w.]+)\n/.exec(code) ?? []
    return name === undefined ? [] : [[name, code] as const]
  }))
}
