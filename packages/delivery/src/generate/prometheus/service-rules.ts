import type { AnyService } from '@books/service'
import { lines, listForProduction, notice } from '../names.ts'
import { writeYaml } from '../yaml.ts'

const runbook = 'docs/operations.md#a-service-is-down'

/** The alerts for a replica that is down, and for a service of which no replica is up. They know every service by its name. */
export function serviceRules(services: readonly AnyService[]): string {
  const names = listForProduction(services).map(({ name }) => name)
  const up = `up{job=~"${names.join('|')}"}`
  const rules = [
    {
      alert: 'ReplicaDown',
      expr: lines([`${up} == 0`]),
      for: '5m',
      labels: { severity: 'ticket' },
      annotations: {
        summary: 'A replica of {{ $labels.job }} is down',
        description: '{{ $labels.instance }} is a known replica and has not answered Prometheus for five minutes.',
        runbook,
      },
    },
    {
      alert: 'ServiceDown',
      // A service that Prometheus knows no replica of has no series, either.
      expr: lines([`sum by (job) (${up}) == 0`, ...names.map((name) => `or absent(up{job="${name}"})`)]),
      for: '2m',
      labels: { severity: 'page' },
      annotations: {
        summary: '{{ $labels.job }} is down',
        description: 'No replica of {{ $labels.job }} answers Prometheus, or there is none.',
        runbook,
      },
    },
  ]
  return writeYaml([{ comment: notice, content: { groups: [{ name: 'services-up', interval: '30s', rules }] } }])
}
