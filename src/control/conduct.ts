import { Type, type Static } from '@sinclair/typebox'
import type { RouteTable } from '../http/route-table.ts'
import type { NamespaceAccess } from './access.ts'
import { gatherCheckInput } from '../conduct/check-input.ts'
import { CLIENT_CHECKS } from '../conduct/checks.ts'
import { evaluate, type ConductReport } from '../conduct/report.ts'
import { Enum } from '../http/schema.ts'
import { pathOf } from '../http/url.ts'
import { ControlInstant, presentInstant } from './schema.ts'

const Severity = Enum(['error', 'warning'], 'An error breaks something, or will; a warning points out a risk.')

export const ConductBody = Type.Object({
  findings: Type.Array(Type.Object({
    rule: Type.String(),
    severity: Severity,
    request: Type.Integer({ description: 'The id of the request in the journal; of several equal violations, the first.' }),
    method: Type.String(),
    path: Type.String(),
    at: ControlInstant,
    message: Type.String(),
    related: Type.Array(Type.Integer(), { description: 'The ids of the other requests that the violation is about.' })
  }), { description: 'The violations, in the order of the requests.' }),
  summary: Type.Object({
    errors: Type.Integer(),
    warnings: Type.Integer(),
    requests: Type.Integer({ description: 'The number of requests that were checked.' })
  }),
  rules: Type.Array(Type.Object({ rule: Type.String(), severity: Severity, description: Type.String() }), { description: 'The checks.' })
}, { description: 'The conduct report of the client under test.' })

export type ConductBody = Static<typeof ConductBody>

/** Returns the conduct report of the clients of a namespace, made from its journal. */
export async function reportConduct ({ find }: NamespaceAccess, routeTable: RouteTable): Promise<ConductBody> {
  return presentConduct(evaluate(await gatherCheckInput(await find(), routeTable)))
}

function presentConduct ({ findings, requests }: ConductReport): ConductBody {
  return {
    findings: findings.map(({ rule, severity, request: { id, method, url, at }, message, related }) => ({
      rule, severity, request: id, method, path: pathOf(url), at: presentInstant(at), message, related: [...related]
    })),
    summary: {
      errors: findings.filter(({ severity }) => severity === 'error').length,
      warnings: findings.filter(({ severity }) => severity === 'warning').length,
      requests
    },
    rules: CLIENT_CHECKS.map(({ id, severity, description }) => ({ rule: id, severity, description }))
  }
}
