/** Whether the text is as the pattern says, in which `*` stands for any text. (No regular expression: many stars make those slow.) */
export function matchesWildcard (text: string, pattern: string): boolean {
  const parts = pattern.split('*')
  const last = String(parts.pop())
  if (parts.length === 0) return text === last
  let at = 0
  for (const [index, part] of parts.entries()) {
    const found = text.indexOf(part, at)
    if (found === -1 || (index === 0 && found > 0)) return false
    at = found + part.length
  }
  return text.length - at >= last.length && text.endsWith(last)
}
