import { known } from './known.ts'

/** Returns whether the text matches a pattern in which `*` stands for any text. A regular expression would be slow for many stars. */
export function matchesWildcard (text: string, pattern: string): boolean {
  const parts = pattern.split('*')
  const last = known(parts.pop(), 'a split text has a part')
  if (parts.length === 0) return text === last
  let at = 0
  for (const [index, part] of parts.entries()) {
    const found = text.indexOf(part, at)
    if (found === -1 || (index === 0 && found > 0)) return false
    at = found + part.length
  }
  return text.length - at >= last.length && text.endsWith(last)
}
