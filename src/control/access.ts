import { unprocessable } from '../http/errors.ts'
import { isNamespaceName, NAMESPACE_RULE, type NamespaceState } from '../namespaces/namespace.ts'

/** The namespace that a control object commands. It is looked up at each command, since a reset replaces it. */
export interface NamespaceAccess {
  readonly name: string
  /** Returns the namespace. Throws a 404 if there is none of that name. */
  find (): Promise<NamespaceState>
  /** Returns the namespace, which is created if need be. Throws a 422 for a name that is not valid. */
  open (): Promise<NamespaceState>
}

/** Throws a 422 for a name that no namespace can have. */
export function assertNamespaceName (name: string): void {
  if (!isNamespaceName(name)) throw unprocessable({ namespace: [`The namespace ${NAMESPACE_RULE}`] })
}
