import { roleOf, type Role, type User, type Workspace } from '../domain/workspaces/workspace.ts'
import { createNumbered } from './collection.ts'
import { tombstoneOf, type SessionAssembler } from './session-assembler.ts'
import type { Records } from './records.ts'
import type { NamespaceStore } from './store.ts'

/** Who is in which workspaces. */
export function createMembership (records: Records, finder: SessionAssembler): Pick<NamespaceStore, 'users' | 'workspaces' | 'rolesOf'> {
  /** By e-mail address: each request asks. Forgotten whenever somebody may have come or gone. */
  const roles = new Map<string, Promise<ReadonlyMap<number, Role>>>()
  const changed = (): void => { roles.clear() }

  const users = createNumbered({
    kind: 'User',
    map: records.users,
    isGone: ({ id }: User) => records.removed.has(userTombstoneOf(id)),
    remove: id => { records.removed.set(userTombstoneOf(id), true) },
    changed
  })
  const workspaces = createNumbered({
    kind: 'Workspace',
    map: records.workspaces,
    isGone: ({ id }: Workspace) => finder.isWorkspaceGone(id),
    remove: id => { records.removed.set(tombstoneOf(id), true) },
    changed
  })

  function findRoles (email: string): ReadonlyMap<number, Role> {
    const user = [...records.users.entries()].find(([id, user]) => user.email === email && !records.removed.has(userTombstoneOf(id)))
    const all = user === undefined ? [] : [...records.workspaces.entries()].filter(([id]) => !finder.isWorkspaceGone(id))
    return new Map(all.flatMap(([id, workspace]) => {
      const role = roleOf(workspace, Number(user?.[0]))
      return role === undefined ? [] : [[id, role]]
    }))
  }

  return {
    users,
    workspaces,
    rolesOf (email) {
      const known = roles.get(email) ?? Promise.resolve(findRoles(email))
      roles.set(email, known)
      return known
    }
  }
}

/** What `removed` calls a user. */
function userTombstoneOf (id: number): string {
  return `user:${id}`
}
