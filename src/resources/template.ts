import { Type, type Static, type TSchema } from '@sinclair/typebox'
import type { Template } from '../domain/lifecycle/records.ts'
import { schemaIssues } from '../domain/templates/schema-issues.ts'
import { MAX_DEPTH } from '../domain/templates/schema-shape.ts'
import { READ_AS } from '../http/sent-values.ts'
import { ISSUES } from '../http/validation.ts'
import { Instant, isoOf, Name, Nullable, Uuid } from '../http/schema.ts'

/** Unknown keys are accepted and returned. */
const OPEN = { additionalProperties: true }

/** The settings of a template, which control parsing. */
export const TemplateSettings = Type.Object({
  parsing: Type.Optional(Type.Object({
    contextual_embedding: Type.Optional(Type.Boolean({
      default: false,
      description: 'Embeds chunks together with their context; part of the fingerprint of the parsing configuration.'
    }))
  }, OPEN))
}, { ...OPEN, examples: [{ parsing: { contextual_embedding: false } }] })

/** The extraction schema of a template. Only the documented grammar is validated; unknown keys are kept. */
export const SchemaJson = Type.Object({
  config: Type.Optional(Type.Object({
    system_message: Type.Optional(Nullable(Type.String(), 'An additional instruction.')),
    reasoning_enabled: Type.Optional(Type.Boolean({ default: false, description: 'Adds a `reasoning` to each entry of `audit_data`.' })),
    extraction_title_prompt: Type.Optional(Nullable(Type.String(), 'Prompt for the title of a result; without it results have no title.'))
  }, OPEN)),
  definitions: Type.Optional(Type.Record(Type.String(), Type.Unknown(), {
    description: 'Reusable fields by name; refer to one with `{"$ref": "#/definitions/name"}`.'
  })),
  groups: Type.Record(Type.String(), Type.Unknown(), {
    description: 'Groups by name; each has `search_query`, `extraction_prompt`, `config.iterates_on` (`group.field`) and `fields`.'
  })
}, {
  ...OPEN,
  description: 'The groups and fields to extract.',
  examples: [{
    config: { reasoning_enabled: true },
    groups: {
      invoice: {
        search_query: 'invoice number, total',
        fields: { invoice_number: { type: 'string' }, total: { type: 'number', extraction_prompt: 'Grand total.' } }
      }
    }
  }]
})

const Absent = Type.Optional(Type.Never())

/** A field and the parts of it that may be absent or empty; beyond the largest depth it is refused. */
const Field = Array.from({ length: MAX_DEPTH }).reduce<TSchema>(part => Type.Object({
  type: Absent,
  $ref: Absent,
  extraction_prompt: Absent,
  description: Absent,
  enum: Absent,
  items: Type.Optional(part),
  properties: Type.Optional(Type.Record(Type.String(), part))
}), Type.Unknown())

const Fields = Type.Record(Type.String(), Field)

/** The grammar of an extraction schema as far as parts may be absent or empty. */
const Grammar = Type.Object({
  config: Type.Optional(Type.Object({ reasoning_enabled: Absent })),
  definitions: Type.Optional(Fields),
  groups: Type.Record(Type.String(), Type.Object({
    config: Type.Optional(Type.Object({ iterates_on: Absent })),
    search_query: Absent,
    extraction_prompt: Absent,
    fields: Fields
  }))
})

/** The extraction schema in a request body, where every issue is reported by its path. */
export const SentSchemaJson = Type.Unsafe<Static<typeof SchemaJson>>({ ...SchemaJson, [ISSUES]: schemaIssues, [READ_AS]: Grammar })

export const Description = Nullable(
  Type.String({ maxLength: 65_535, title: 'a string of at most 65,535 characters' }),
  'The purpose of the template.',
  'The usual fields of an invoice.'
)

export const TemplateBody = Type.Object({
  id: Uuid('template'),
  name: Name,
  description: Description,
  schema_json: SchemaJson,
  settings: TemplateSettings,
  workspace_id: Type.Integer({ description: 'The workspace of the template.', examples: [1] }),
  created_at: Instant,
  updated_at: Instant
}, { $id: 'Template', description: 'An extraction template: the groups and fields to extract from documents.' })

export function presentTemplate (template: Template): Static<typeof TemplateBody> {
  const { id, name, description, schema, settings, workspaceId, createdAt, updatedAt } = template
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
