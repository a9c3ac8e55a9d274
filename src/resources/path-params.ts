import { Type } from '@sinclair/typebox'
import { Uuid } from '../http/schema.ts'

/** Path parameters. The resources they name are loaded before the handler runs; an unknown or malformed id answers 404. */

function NumericId (description: string): ReturnType<typeof Type.Integer> {
  return Type.Integer({ minimum: 1, description })
}

export const workspaceParams = Type.Object({ workspaceId: NumericId('Id of the workspace.') })
export const userParams = Type.Object({ ...workspaceParams.properties, userId: NumericId('Id of the user.') })
export const inviteParams = Type.Object({ ...workspaceParams.properties, inviteId: NumericId('Id of the invite.') })
export const templateParams = Type.Object({ templateId: Uuid('template') })
export const sessionParams = Type.Object({ sessionId: Uuid('session') })
export const documentParams = Type.Object({ documentId: Uuid('document') })
export const sessionDocumentParams = Type.Object({ ...sessionParams.properties, ...documentParams.properties })
export const workspaceDocumentParams = Type.Object({ ...workspaceParams.properties, ...documentParams.properties })
export const resultParams = Type.Object({ resultId: Uuid('result') })
