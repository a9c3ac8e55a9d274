import type { Issue } from './issue.ts'
import type { ExtractionSchema } from './schema.ts'
import { linkIssues } from './schema-links.ts'
import { shapeIssues } from './schema-shape.ts'

/** Returns the issues of a `schema_json`, with paths below it. References are checked only if every value has the right type. */
export function schemaIssues (schema: unknown): Issue[] {
  const issues = shapeIssues(schema)
  return issues.length > 0 ? issues : linkIssues(schema as ExtractionSchema)
}
