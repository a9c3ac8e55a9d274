import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Template } from '../domain/lifecycle/records.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import { requireRole, roleIn } from '../http/roles.ts'
import { unprocessable } from '../http/errors.ts'
import { Page, PageQuery, pageOf } from '../http/pagination.ts'
import {
  annotated, BODY_ERRORS, errorResponses, NoContentBody, MAX_NAME_LENGTH, Name, Ref, TOKEN_ERRORS, UNREAD_BODY_ERRORS
} from '../http/schema.ts'
import { templateParams, workspaceParams } from '../resources/path-params.ts'
import { Description, presentTemplate, SentSchemaJson, TemplateBody, TemplateSettings } from '../resources/template.ts'
import { newId } from '../actions/new-id.ts'

export const templateRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/workspaces/:workspaceId/extractions/templates', {
    config: { ability: 'templates-read' },
    schema: {
      operationId: 'listTemplates',
      summary: 'List the templates of a workspace',
      tags: ['Extraction Templates'],
      params: workspaceParams,
      querystring: PageQuery,
      response: { 200: Page(Ref(TemplateBody), 'The templates, oldest first.'), ...errorResponses(...TOKEN_ERRORS, 404, 422) }
    }
  }, async ({ workspace, namespace: { records }, query }) => {
    const all = await records.templates.list()
    return pageOf(all.filter(({ workspaceId }) => workspaceId === workspace.id).map(presentTemplate), query)
  })

  app.post('/extractions/templates', {
    config: { ability: 'templates-write' },
    schema: {
      operationId: 'createTemplate',
      summary: 'Create a template',
      tags: ['Extraction Templates'],
      body: Type.Object({
        name: Name,
        workspace_id: Type.Integer({ description: 'The workspace of the template.', examples: [1] }),
        description: Type.Optional(Description),
        schema_json: SentSchemaJson,
        settings: Type.Optional(TemplateSettings)
      }),
      response: { 201: Ref(TemplateBody), ...errorResponses(...TOKEN_ERRORS, ...BODY_ERRORS) }
    }
  }, async (request, reply) => {
    const { namespace, now, body: { name, workspace_id: workspaceId, description = null, schema_json: schema, settings = {} } } = request
    const role = await roleIn(request, workspaceId)
    if (role === undefined) {
      throw unprocessable({ workspace_id: ['The selected workspace_id is invalid: send the id of one of your workspaces.'] })
    }
    requireRole(request, role)
    reply.code(201)
    return presentTemplate(await addTemplate(
      namespace,
      now,
      { workspaceId, name, description, schema: schema as unknown as Template['schema'], settings }
    ))
  })

  app.get('/extractions/templates/:templateId', {
    config: { ability: 'templates-read' },
    schema: {
      operationId: 'getTemplate',
      summary: 'Get a template',
      tags: ['Extraction Templates'],
      params: templateParams,
      response: { 200: Ref(TemplateBody), ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async ({ template }) => presentTemplate(template))

  app.put('/extractions/templates/:templateId', {
    config: { ability: 'templates-write' },
    schema: {
      operationId: 'updateTemplate',
      summary: 'Update a template',
      description: 'Replaces the fields that are sent; earlier runs keep the template as it was.',
      tags: ['Extraction Templates'],
      params: templateParams,
      body: Type.Object({
        name: Type.Optional(Name),
        description: Type.Optional(Description),
        schema_json: Type.Optional(SentSchemaJson),
        settings: Type.Optional(TemplateSettings)
      }),
      response: { 200: Ref(TemplateBody), ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS) }
    }
  }, async ({ template: { id }, namespace: { records }, now, body: { name, description, schema_json: schema, settings } }) => {
    return presentTemplate(await records.templates.change(id, current => ({
      ...current,
      name: name ?? current.name,
      description: description === undefined ? current.description : description,
      schema: schema as unknown as Template['schema'] ?? current.schema,
      settings: settings ?? current.settings,
      updatedAt: now
    })))
  })

  app.delete('/extractions/templates/:templateId', {
    config: { ability: 'templates-write' },
    schema: {
      operationId: 'deleteTemplate',
      summary: 'Delete a template',
      description: 'Deletes the template, its sessions, their results, and the documents that are attached to no other session.',
      tags: ['Extraction Templates'],
      params: templateParams,
      response: { 204: NoContentBody, ...errorResponses(...TOKEN_ERRORS, 404, ...UNREAD_BODY_ERRORS) }
    }
  }, async ({ template: { id }, namespace: { records } }, reply) => {
    await records.templates.remove(id)
    return await reply.code(204).send(undefined)
  })

  app.post('/extractions/templates/:templateId/duplicate', {
    config: { ability: 'templates-write' },
    schema: {
      operationId: 'duplicateTemplate',
      summary: 'Duplicate a template',
      tags: ['Extraction Templates'],
      params: templateParams,
      body: Type.Object({
        name: Type.Optional(annotated(Name, { description: 'Name of the copy; by default that of the original with " (Copy)".' }))
      }),
      response: { 201: Ref(TemplateBody), ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS) }
    }
  }, async ({ template, namespace, now, body: { name } }, reply) => {
    reply.code(201)
    return presentTemplate(await addTemplate(namespace, now, { ...template, name: name ?? nameOfCopy(template) }))
  })
}

const COPY = ' (Copy)'

/** A name that is long already loses its end; half a character is none. */
function nameOfCopy ({ name }: Template): string {
  return `${name.slice(0, MAX_NAME_LENGTH - COPY.length).replace(/[\uD800-\uDBFF]$/, '')}${COPY}`
}

/** Keeps a template as a new one. */
async function addTemplate (namespace: Namespace, now: number, facts: Omit<Template, 'id' | 'createdAt' | 'updatedAt'>): Promise<Template> {
  const template = { ...facts, id: await newId(namespace, 'template', facts.workspaceId, facts.name), createdAt: now, updatedAt: now }
  await namespace.records.templates.add(template)
  return template
}
