/** Escapes text for XML elements and attributes. */
export function escapeXml (text: string): string {
  return text.replaceAll(/[<>&"']/g, character => `&#${character.charCodeAt(0)};`)
}
