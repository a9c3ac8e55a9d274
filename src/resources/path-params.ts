import { Type } from '@sinclair/typebox'
import { Uuid } from '../http/schema.ts'

/** What stands in paths. What it names is looked up before a handler runs, or is not found. */

function Number (description: string): ReturnType<typeof Type.Integer> {
  return Type.Integer({ minimum: 1, description })
}

export const workspaceParams = Type.Object({ workspaceId: Number('The workspace.') })
export const userParams = Type.Object({ ...workspaceParams.properties, userId: Number('The user.') })
export const inviteParams = Type.Object({ ...workspaceParams.properties, inviteId: Number('The invite.') })
export const templateParams = Type.Object({ templateId: Uuid('template') })
export const sessionParams = Type.Object({ sessionId: Uuid('session') })
export const documentParams = Type.Object({ documentId: Uuid('document') })
export const sessionDocumentParams = Type.Object({ ...sessionParams.properties, ...documentParams.properties })
export const workspaceDocumentParams = Type.Object({ ...workspaceParams.properties, ...documentParams.properties })
export const resultParams = Type.Object({ resultId: Uuid('result') })
