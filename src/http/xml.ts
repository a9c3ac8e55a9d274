/** A text as it may stand in XML, between tags and in attributes. */
export function escapeXml (text: string): string {
  return text.replaceAll(/[<>&"']/g, character => `&#${character.charCodeAt(0)};`)
}
