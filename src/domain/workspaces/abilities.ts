/** The permissions that a token can have. Documented. */
export const ABILITIES = [
  'workspaces-read', 'workspaces-write',
  'workspace-users-read', 'workspace-users-write',
  'templates-read', 'templates-write',
  'sessions-read', 'sessions-write',
  'documents-read', 'documents-write',
  'workflows-read', 'workflows-write', 'workflows-execute', 'workflow-runs-output-read'
] as const

export type Ability = typeof ABILITIES[number]

export const READ_ABILITIES: readonly Ability[] = ABILITIES.filter(ability => ability.endsWith('-read'))
