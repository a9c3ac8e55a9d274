import { roleOf, type Role, type User, type Workspace } from '../domain/workspaces/workspace.ts'
import { createNumbered, type Table } from './collection.ts'
import type { Records } from './records.ts'
import type { Rows, View } from './rows.ts'

/** Creates the users and workspaces of a namespace, and the roles that follow from them. */
export function createMembership (rows: Rows): Pick<Records, 'users' | 'workspaces' | 'rolesOf'> {
  const users = numberedTable<User>(rows, 'User', 'user')
  const workspaces = numberedTable<Workspace>(rows, 'Workspace', 'workspace')
  /** By e-mail address, since each request asks; valid for one version of users and workspaces. */
  let roles = new Map<string, ReadonlyMap<number, Role>>()
  let versions: readonly unknown[] = []

  function findRoles (view: View, email: string): ReadonlyMap<number, Role> {
    const found = [...users.entries(view)].find(([, user]) => user?.email === email)
    if (found === undefined) return NO_ROLES
    return new Map([...workspaces.entries(view)].flatMap(([id, workspace]) => {
      const role = workspace && roleOf(workspace, found[0])
      return role === undefined ? [] : [[id, role] as const]
    }))
  }

  return {
    users: createNumbered(users),
    workspaces: createNumbered(workspaces),
    rolesOf: email => rows.read(view => {
      const present = [view.version('user'), view.version('workspace')]
      if (present.some((version, index) => version !== versions[index])) roles = new Map()
      versions = present
      const known = roles.get(email) ?? findRoles(view, email)
      roles.set(email, known)
      return known
    })
  }
}

const NO_ROLES: ReadonlyMap<number, Role> = new Map()

function numberedTable<T extends User | Workspace> (rows: Rows, name: string, kind: 'user' | 'workspace'): Table<number, T> {
  return {
    rows,
    name,
    * entries (view) {
      for (const [key, record] of view.list(kind)) yield [Number(key), (record ?? undefined) as T | undefined]
    },
    find: (view, id) => (view.get(kind, String(id)) ?? undefined) as T | undefined,
    put: (transaction, id, record) => { transaction.put(kind, String(id), record as never) },
    remove: (transaction, id) => { transaction.put(kind, String(id), null) }
  }
}
