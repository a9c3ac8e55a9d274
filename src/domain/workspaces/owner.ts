import type { User } from './workspace.ts'

/** The user that a token belongs to unless it names another one. */
export const OWNER: User = { id: 1, name: 'Olivia Owner', email: 'owner@example.com' }
