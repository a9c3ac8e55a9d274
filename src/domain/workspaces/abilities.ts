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

/** `strict`: a token has the abilities that it names. `write-implies-read`: an ability to write includes the one to read. */
export type AbilityPolicy = 'strict' | 'write-implies-read'

/** Returns the abilities that are needed and that a token lacks. */
export function missingAbilities (granted: ReadonlySet<Ability>, needed: readonly Ability[], policy: AbilityPolicy): Ability[] {
  const isGranted = (ability: string): boolean => granted.has(ability as Ability)
  return needed.filter(ability =>
    !isGranted(ability) && !(policy === 'write-implies-read' && isGranted(ability.replace(/-read$/, '-write'))))
}

export const READ_ABILITIES: readonly Ability[] = ABILITIES.filter(ability => ability.endsWith('-read'))
