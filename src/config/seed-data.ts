import type { Template } from '../domain/lifecycle/records.ts'
import type { SeedData } from '../store/store.ts'
import type { User, Workspace } from '../domain/workspaces/workspace.ts'
import type { ConfigFile } from './config-file.ts'
import { demoTemplate, demoWorkspace, OWNER } from '../demo.ts'
import { DEFAULT_INSTANT } from '../domain/lifecycle/clock.ts'
import { schemaIssues } from '../domain/templates/schema-issues.ts'
import { nameIn } from '../http/roles.ts'
import { UsageError } from './usage-error.ts'

/**
 * What every namespace begins with: the users, workspaces and templates of a config file, and of the demo world. Whoever is
 * named is a user; a workspace that templates lie in exists; where no members are named, the owner is the admin. Throws
 * UsageError.
 */
export function readSeedData ({ users = [], workspaces = [], templates = [] }: ConfigFile, demo: boolean): SeedData {
  const people = usersOf([OWNER, ...users, ...workspaces.flatMap(({ members = [] }) => members.map(({ user }) => ({ email: user })))])
  const allTemplates = [...demo ? [demoTemplate] : [], ...templates.map(templateOf)]
  const configured = workspaces.map(workspace => workspaceOf(workspace, people))
  const twice = firstTwice(workspaces.map(({ id }) => id))
  if (twice !== undefined) throw new UsageError(`The workspace ${twice} is in the config file twice.`)
  const needed = new Set(allTemplates.map(({ workspaceId }) => workspaceId))
  if (needed.size + configured.length === 0) needed.add(demoWorkspace.id)
  const implied = [...needed].filter(id => configured.every(workspace => workspace.id !== id)).map(id => ({ ...demoWorkspace, id, ...id === demoWorkspace.id ? {} : { name: `Workspace ${id}` } }))
  return { users: people, workspaces: [...implied, ...configured].sort((a, b) => a.id - b.id), templates: allTemplates }
}

/** Each address once, numbered in the order of their first mention. */
function usersOf (named: ReadonlyArray<{ readonly email: string, readonly name?: string }>): User[] {
  const byEmail = new Map<string, User>()
  for (const { email: written, name } of named) {
    const email = written.toLowerCase()
    if (!byEmail.has(email)) byEmail.set(email, { id: byEmail.size + 1, name: name ?? nameIn(email), email })
  }
  return [...byEmail.values()]
}

function workspaceOf ({ id, name, icon, members }: NonNullable<ConfigFile['workspaces']>[number], users: readonly User[]): Workspace {
  const named = members?.map(({ user, role }) => ({ userId: Number(users.find(({ email }) => email === user.toLowerCase())?.id), role }))
  if (named !== undefined && !named.some(({ role }) => role === 'admin')) throw new UsageError(`The workspace ${id} in the config file needs a member with the role admin.`)
  const twice = firstTwice(members?.map(({ user }) => user.toLowerCase()) ?? [])
  if (twice !== undefined) throw new UsageError(`The workspace ${id} in the config file has the member ${twice} twice.`)
  return { ...demoWorkspace, id, name, icon: icon ?? null, members: named ?? demoWorkspace.members }
}

function firstTwice<T> (things: readonly T[]): T | undefined {
  return things.find((thing, index) => things.indexOf(thing) !== index)
}

function templateOf ({ id, name, description, workspace_id: workspaceId = 1, schema_json: schema, settings = {} }: NonNullable<ConfigFile['templates']>[number]): Template {
  const [fault] = schemaIssues(schema)
  if (fault !== undefined) throw new UsageError(`The template ${id} in the config file is not valid: ${['schema_json', fault[0]].filter(Boolean).join('.')} ${fault[1]}`)
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
