import type { Contract } from './contract.ts'
import { apiPage } from './api-page.ts'
import { configurationPage } from './configuration-page.ts'
import { controlPage } from './control-page.ts'
import { divergencesPage } from './divergences-page.ts'

/** Returns every generated page by its file name; the arguments are the two OpenAPI documents, as JSON text. */
export function generatePages (contract: string, controlContract: string): Record<string, string> {
  return {
    'api.md': apiPage(JSON.parse(contract) as Contract),
    'configuration.md': configurationPage(),
    'control.md': controlPage(JSON.parse(controlContract) as Contract),
    'divergences.md': divergencesPage()
  }
}
