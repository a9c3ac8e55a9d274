import type { Template } from '../domain/lifecycle/records.ts'
import type { Workspace } from '../domain/workspaces/workspace.ts'
import { ABILITIES, READ_ABILITIES } from '../domain/workspaces/abilities.ts'
import { DEFAULT_INSTANT } from '../domain/lifecycle/clock.ts'
import { OWNER } from '../domain/workspaces/owner.ts'
import { digestOfToken, type TokenRecord } from '../domain/workspaces/token.ts'
import { DEFAULT_NAMESPACE } from '../namespaces/namespace.ts'

/** The demo world: what a newcomer needs to try everything at once. Its tokens are no secret. */
export const DEMO_TOKENS = { full: 'rd_test_full', read: 'rd_test_read' } as const

export const demoTokenRecords: readonly TokenRecord[] = [
  {
    name: DEMO_TOKENS.full,
    sha256: digestOfToken(DEMO_TOKENS.full),
    abilities: new Set(ABILITIES),
    namespace: DEFAULT_NAMESPACE,
    user: OWNER.email
  },
  {
    name: DEMO_TOKENS.read,
    sha256: digestOfToken(DEMO_TOKENS.read),
    abilities: new Set(READ_ABILITIES),
    namespace: DEFAULT_NAMESPACE,
    user: OWNER.email
  }
]

export const demoWorkspace: Workspace = {
  id: 1,
  name: 'Accounts payable',
  icon: '🧾',
  settings: {},
  createdAt: DEFAULT_INSTANT,
  updatedAt: DEFAULT_INSTANT,
  members: [{ userId: OWNER.id, role: 'admin' }],
  invites: []
}

/** Its id is the one of the API documentation's own example. */
export const demoTemplate: Template = {
  id: '550e8400-e29b-41d4-a716-446655440000',
  workspaceId: 1,
  name: 'Invoices',
  description: 'What is usually wanted of an invoice.',
  schema: {
    config: { reasoning_enabled: true, extraction_title_prompt: 'The kind of document, and which one it is.' },
    groups: {
      invoice: {
        search_query: 'invoice number, dates, currency',
        fields: {
          invoice_number: { type: 'string', extraction_prompt: 'The number of the invoice.' },
          date: { type: 'date', extraction_prompt: 'The day the invoice was issued.' },
          due_date: { type: 'date', extraction_prompt: 'The day by which it must be paid.' },
          currency: { type: 'string', extraction_prompt: 'ISO 4217 code.' }
        }
      },
      vendor: {
        search_query: 'vendor name, address, tax id',
        fields: {
          vendor_name: { type: 'string' },
          vendor_address: { type: 'string' },
          vat_number: { type: 'string' }
        }
      },
      amounts: {
        search_query: 'subtotal, tax, total',
        fields: {
          subtotal: { type: 'number' },
          tax_amount: { type: 'number' },
          total_amount: { type: 'number', extraction_prompt: 'Grand total, tax included.' }
        }
      }
    }
  },
  settings: { parsing: { contextual_embedding: false } },
  createdAt: DEFAULT_INSTANT,
  updatedAt: DEFAULT_INSTANT
}
