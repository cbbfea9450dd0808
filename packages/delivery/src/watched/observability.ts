import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { dashboards } from '../dashboards/dashboards.ts'

/** A rule of Prometheus: a series that it records, or an alert. */
export interface Rule {
  record?: string
  alert?: string
  expr: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

/** The folder with what watches the store. */
export const observability = new URL('../../../../observability/', import.meta.url)

/** The files with the rules of Prometheus. */
export const ruleFiles = ['rules.yaml', 'service-rules.yaml']

/** The rules of a file. */
export function listRules(file: string): Rule[] {
  const { groups } = parse(readFileSync(new URL(`prometheus/${file}`, observability), 'utf8'))
  return groups.flatMap((group: { rules: Rule[] }) => group.rules)
}

/** An expression, and where it stands. */
export interface Watched {
  where: string
  expr: string
}

/** Everything that rules and dashboards ask Prometheus for. */
export function listWatched(): Watched[] {
  const inRules = ruleFiles
    .flatMap((file) => listRules(file))
    .map(({ record, alert, expr }) => ({ where: record ?? alert ?? '', expr }))
  const inDashboards = dashboards.flatMap(({ title, foundBy, rows }) => [
    { where: title, expr: foundBy },
    ...rows.flatMap(({ panels }) =>
      panels.flatMap((panel) => panel.queries.map(({ expr }) => ({ where: `${title}: ${panel.title}`, expr }))),
    ),
  ])
  return [...inRules, ...inDashboards]
}
