import type { Config } from '../config/config.ts'
import { DEMO_TOKENS, demoTemplate } from '../config/demo-data.ts'
import { VERSION } from '../package.ts'

/** Returns the text that a server on a terminal starts with: its addresses, and a command to paste. */
export function banner (url: string, { demo, seed }: Pick<Config, 'demo' | 'seed'>): string {
  const lines = [
    '',
    `  raydocs-mock ${VERSION}`,
    '',
    `  Base URL   ${url}`,
    `  API page   ${url}/docs`,
    `  Seed       ${seed}   (--seed ${seed} gives the same ids and values again)`
  ]
  const trial = [
    `  Tokens     ${DEMO_TOKENS.full} (every ability), ${DEMO_TOKENS.read} (read only)`,
    `  Template   ${demoTemplate.id} (${demoTemplate.name})`,
    '',
    '  Try it:',
    '',
    `  curl -X POST ${url}/extractions/templates/${demoTemplate.id}/sessions/batch \\`,
    `    -H 'Authorization: Bearer ${DEMO_TOKENS.full}' -H 'Content-Type: application/json' \\`,
    '    -d \'{"files": ["tmp/abc123-invoice.pdf"], "settings": {"auto_extract": true}}\''
  ]
  return [...lines, ...demo ? trial : [], ''].join('\n')
}
