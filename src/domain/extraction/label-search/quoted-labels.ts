import { printedWords } from './words.ts'

/**
 * Returns the labels that the prompts of a field quote, as words: `Printed as "Total due".` Leaves out what the prompt warns
 * of (`not "Subtotal"`), gives as an example (`such as "INV-7"`) or asks for as an answer (`answer "yes" or "no"`).
 */
export function quotedLabels (prompt: string): string[][] {
  const labels: string[][] = []
  let end = 0
  let isLabel = true
  for (const { 0: quoted, index } of prompt.matchAll(QUOTED)) {
    const before = prompt.slice(end, index)
    // In a list every item is what the first one is.
    if (end === 0 || !LIST.test(before)) isLabel = !NO_LABEL.test(before)
    end = index + quoted.length
    if (isLabel) labels.push(printedWords(quoted))
    if (labels.length === MAX_QUOTED) break
  }
  return labels
}

/** The maximum number of labels in a prompt. */
const MAX_QUOTED = 30

const QUOTED = /["“”„«][^"“”„«»]{1,80}["“”»]|(?<![\p{L}\p{N}])['‘`‚][^'‘’`]{1,80}['’‘`](?![\p{L}\p{N}])/gu

const LIST = /^(?:[ ,/|;]|\b(?:or|and|oder|und|ou|et|of|en|o|y)\b)*$/iu

const NO_LABEL = new RegExp([
  '\\b(?:not|never|without|except|unlike|than|nicht|kein|statt|ohne|pas|sauf|niet|geen|no|non|sin)(?: [^\\s"]+){0,2} ?$',
  '\\b(?:e\\.g|i\\.e|z\\.b|p\\.ex|bijv)\\.?[:, ]*$',
  '\\b(?:such as|like|for example|example|format|wie|zum beispiel|comme|par exemple|zoals|como)[:, ]*$',
  '\\b(?:return|answer|write|output|respond|reply|give|say|use)(?: with)?:? *$'
].join('|'), 'iu')
