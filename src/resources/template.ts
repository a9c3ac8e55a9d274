import { Type, type Static } from '@sinclair/typebox'
import type { Template } from '../domain/lifecycle/records.ts'
import { schemaIssues } from '../domain/templates/schema-issues.ts'
import { ISSUES } from '../http/validation.ts'
import { Instant, isoOf, Name, Nullable, Uuid } from '../http/schema.ts'

/** How documents are parsed for a template. */
export const TemplateSettings = Type.Object({
  parsing: Type.Optional(Type.Object({
    contextual_embedding: Type.Optional(Type.Boolean({ default: false, description: 'Whether chunks are embedded with what surrounds them; part of the fingerprint of a parsing.' }))
  }))
}, { examples: [{ parsing: { contextual_embedding: false } }] })

/** What to extract. Checked as far as its grammar is documented; what is unknown is kept. */
export const SchemaJson = Type.Object({
  config: Type.Optional(Type.Object({
    system_message: Type.Optional(Nullable(Type.String(), 'One more instruction.')),
    reasoning_enabled: Type.Optional(Type.Boolean({ default: false, description: 'Whether `audit_data` says why.' })),
    extraction_title_prompt: Type.Optional(Nullable(Type.String(), 'Without it results have no title.'))
  })),
  definitions: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Fields for use in several places: `{"$ref": "#/definitions/name"}`.' })),
  groups: Type.Record(Type.String(), Type.Unknown(), { description: 'By name: `search_query`, `extraction_prompt`, `config.iterates_on` (`group.field`) and `fields`.' })
}, {
  description: 'What to extract.',
  examples: [{
    config: { reasoning_enabled: true },
    groups: { invoice: { search_query: 'invoice number, total', fields: { invoice_number: { type: 'string' }, total: { type: 'number', extraction_prompt: 'Grand total.' } } } }
  }]
})

/** The same where it is sent: every fault is named by its path. */
export const SentSchemaJson = Type.Unsafe<Static<typeof SchemaJson>>({ ...SchemaJson, [ISSUES]: schemaIssues })

export const Description = Nullable(Type.String({ maxLength: 65_535, title: 'a string of at most 65,535 characters' }), 'What the template is for.', 'What is usually wanted of an invoice.')

export const TemplateBody = Type.Object({
  id: Uuid('template'),
  name: Name,
  description: Description,
  schema_json: SchemaJson,
  settings: TemplateSettings,
  workspace_id: Type.Integer({ description: 'The workspace that it belongs to.', examples: [1] }),
  created_at: Instant,
  updated_at: Instant
}, { $id: 'Template', description: 'What is to be extracted from documents.' })

export function presentTemplate ({ id, name, description, schema, settings, workspaceId, createdAt, updatedAt }: Template): Static<typeof TemplateBody> {
  return {
    id,
    name,
    description,
    schema_json: schema as Static<typeof SchemaJson>,
    settings: settings as Static<typeof TemplateSettings>,
    workspace_id: workspaceId,
    created_at: isoOf(createdAt),
    updated_at: isoOf(updatedAt)
  }
}
