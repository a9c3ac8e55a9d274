import type { Template } from '../domain/lifecycle/records.ts'
import type { User, Workspace } from '../domain/workspaces/workspace.ts'
import type { SeedData } from '../store/memory-store.ts'
import type { ConfigFile } from './config-file.ts'
import { demoTemplate, demoWorkspace } from './demo-data.ts'
import { OWNER } from '../domain/workspaces/owner.ts'
import { known } from '../domain/known.ts'
import { DEFAULT_INSTANT } from '../domain/lifecycle/clock.ts'
import { schemaIssues } from '../domain/templates/schema-issues.ts'
import { nameIn } from '../http/roles.ts'
import { UsageError } from './usage-error.ts'

type Configured<Key extends 'workspaces' | 'templates'> = NonNullable<ConfigFile[Key]>[number]

/**
 * Returns the initial records of every namespace: the users, workspaces and templates of the config file and of the demo. Every
 * e-mail address in the file becomes a user, every workspace of a template exists, and a workspace without members has the owner
 * as its admin. Throws UsageError.
 */
export function readSeedData ({ users: named = [], workspaces: configured = [], templates = [] }: ConfigFile, demo: boolean): SeedData {
  const members = configured.flatMap(({ members = [] }) => members.map(({ user }) => ({ email: user })))
  const users = usersOf([OWNER, ...named, ...members])
  const allTemplates = [...demo ? [demoTemplate] : [], ...templates.map(templateOf)]
  const workspaces = configured.map(workspace => workspaceOf(workspace, users))
  const duplicate = firstDuplicate(workspaces.map(({ id }) => id))
  if (duplicate !== undefined) throw new UsageError(`The workspace ${duplicate} is in the config file twice.`)
  const all = [...impliedWorkspaces(allTemplates, workspaces), ...workspaces]
  return { users, workspaces: all.sort((a, b) => a.id - b.id), templates: allTemplates }
}

/** Returns each address once, numbered in the order of first mention; the first mention determines the name. */
function usersOf (named: ReadonlyArray<{ readonly email: string, readonly name?: string }>): User[] {
  const byEmail = new Map<string, User>()
  for (const { email: written, name } of named) {
    const email = written.toLowerCase()
    if (!byEmail.has(email)) byEmail.set(email, { id: byEmail.size + 1, name: name ?? nameIn(email), email })
  }
  return [...byEmail.values()]
}

function workspaceOf ({ id, name, icon, members: configured }: Configured<'workspaces'>, users: readonly User[]): Workspace {
  const members = configured?.map(({ user, role }) => {
    const { id: userId } = known(users.find(({ email }) => email === user.toLowerCase()), 'every member is a user')
    return { userId, role }
  })
  if (members !== undefined && !members.some(({ role }) => role === 'admin')) {
    throw new UsageError(`The workspace ${id} in the config file needs a member with the role admin.`)
  }
  const duplicate = firstDuplicate(configured?.map(({ user }) => user.toLowerCase()) ?? [])
  if (duplicate !== undefined) throw new UsageError(`The workspace ${id} in the config file has the member ${duplicate} twice.`)
  return { ...demoWorkspace, id, name, icon: icon ?? null, members: members ?? demoWorkspace.members }
}

/** The workspaces that templates are in and that are not configured; with neither templates nor workspaces, that of the demo. */
function impliedWorkspaces (templates: readonly Template[], configured: readonly Workspace[]): Workspace[] {
  const ids = new Set(templates.map(({ workspaceId }) => workspaceId))
  if (ids.size + configured.length === 0) return [demoWorkspace]
  return [...ids].filter(id => configured.every(workspace => workspace.id !== id))
    .map(id => id === demoWorkspace.id ? demoWorkspace : { ...demoWorkspace, id, name: `Workspace ${id}` })
}

function firstDuplicate<T> (values: readonly T[]): T | undefined {
  return values.find((value, index) => values.indexOf(value) !== index)
}

function templateOf (configured: Configured<'templates'>): Template {
  const { id, name, description, workspace_id: workspaceId = 1, schema_json: schema, settings = {} } = configured
  const [issue] = schemaIssues(schema)
  if (issue !== undefined) {
    const [path, message] = issue
    const field = ['schema_json', path].filter(Boolean).join('.')
    throw new UsageError(`The template ${id} in the config file is not valid: ${field} ${message}`)
  }
  return {
    id: id.toLowerCase(),
    workspaceId,
    name,
    description: description ?? null,
    schema: schema as Template['schema'],
    settings,
    createdAt: DEFAULT_INSTANT,
    updatedAt: DEFAULT_INSTANT
  }
}
