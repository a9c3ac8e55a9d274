import { escapeXml } from '../http/xml.ts'
import { CLIENT_CHECKS } from './checks.ts'
import type { PresentedViolation } from './conduct-text.ts'

/** A conduct report as the control API presents it. */
interface PresentedReport {
  readonly findings: readonly PresentedViolation[]
}

/** Renders a conduct report as JUnit XML: a test case per check, a failure per violation. No times, so that equal runs give equal files. */
export function junitOf ({ findings }: PresentedReport, namespace: string): string {
  const broken = new Set(findings.map(({ rule }) => rule))
  const cases = CLIENT_CHECKS.map(({ id }) => {
    const failures = findings.filter(({ rule }) => rule === id).map(({ severity, message, request, method, path }) =>
      `      <failure type="${severity}" message="${escapeXml(message)}">${escapeXml(`request ${request}: ${method} ${path}`)}</failure>`)
    const opening = `    <testcase classname="conduct" name="${id}"`
    return failures.length === 0 ? `${opening}/>` : [`${opening}>`, ...failures, '    </testcase>'].join('\n')
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="raydocs-mock conduct ${escapeXml(namespace)}" tests="${CLIENT_CHECKS.length}" failures="${broken.size}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    ''
  ].join('\n')
}
