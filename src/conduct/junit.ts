import type { ConductReport } from './report.ts'
import { pathOf } from '../http/framework.ts'
import { escapeXml } from '../http/xml.ts'
import { CLIENT_CHECKS } from './checks.ts'

/** Renders a conduct report as JUnit XML: a test case per check, a failure per violation. No times, so that equal runs give equal files. */
export function junitOf ({ findings }: ConductReport, namespace: string): string {
  const broken = new Set(findings.map(({ rule }) => rule))
  const cases = CLIENT_CHECKS.map(({ id }) => {
    const failures = findings.filter(({ rule }) => rule === id).map(({ severity, message, request: { id, method, url } }) =>
      `      <failure type="${severity}" message="${escapeXml(message)}">${escapeXml(`request ${id}: ${method} ${pathOf(url)}`)}</failure>`)
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
