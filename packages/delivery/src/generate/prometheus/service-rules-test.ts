import type { AnyService } from '@books/service'
import { listForProduction, notice } from '../names.ts'
import { writeYaml } from '../yaml.ts'

const up = '1+0x30'
const down = '0+0x30'

/** What promtool tries the rules for services that are down with: every service is up but for one. */
export function serviceRulesTest(services: readonly AnyService[]): string {
  const [name = '', ...others] = listForProduction(services).map((service) => service.name)
  const othersUp = others.map((other) => series(other, 1, up))
  const content = {
    rule_files: ['service-rules.yaml'],
    evaluation_interval: '30s',
    tests: [
      {
        name: 'a replica that is down is a ticket, and no page while another one is up',
        interval: '1m',
        input_series: [series(name, 1, '1+0x4 0+0x24'), series(name, 2, up), ...othersUp],
        promql_expr_test: [
          firing('8m'),
          firing('20m', { alertname: 'ReplicaDown', instance: instance(1), job: name, severity: 'ticket' }),
        ],
      },
      {
        name: 'a service of which no replica is up is a page',
        interval: '1m',
        input_series: [series(name, 1, down), series(name, 2, down), ...othersUp],
        promql_expr_test: [firing('1m'), firing('4m', { alertname: 'ServiceDown', job: name, severity: 'page' })],
      },
      {
        name: 'a service that Prometheus does not know is a page, and a job that is no service is not',
        interval: '1m',
        input_series: [series('something-else', 1, down), ...othersUp],
        promql_expr_test: [firing('20m', { alertname: 'ServiceDown', job: name, severity: 'page' })],
      },
    ],
  }
  return writeYaml([{ comment: notice, content }])
}

function series(job: string, replica: number, values: string) {
  return { series: `up{job="${job}", instance="${instance(replica)}"}`, values }
}

function instance(replica: number): string {
  return `10.0.0.${replica}:9464`
}

/** The alerts that fire at a time. */
function firing(evalTime: string, alert?: Record<string, string>) {
  const labels = Object.entries({ ...alert, alertstate: 'firing' }).map(([label, value]) => `${label}="${value}"`)
  return {
    expr: 'ALERTS{alertstate="firing"}',
    eval_time: evalTime,
    exp_samples: alert ? [{ labels: `ALERTS{${labels.join(', ')}}`, value: 1 }] : [],
  }
}
