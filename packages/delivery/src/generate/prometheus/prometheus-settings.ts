import type { AnyService } from '@books/service'
import { notice } from '../names.ts'
import { writeYaml } from '../yaml.ts'

const metricsPort = 9_464

/** What Prometheus asks in Compose, and how often. A name may stand for several replicas: DNS says which there are. */
export function prometheusSettings(services: readonly AnyService[]): string {
  const content = {
    global: { scrape_interval: '15s', evaluation_interval: '30s' },
    rule_files: ['rules.yaml', 'service-rules.yaml'],
    scrape_configs: services.map(({ name }) => ({
      job_name: name,
      dns_sd_configs: [{ names: [name], type: 'A', port: metricsPort, refresh_interval: '10s' }],
    })),
  }
  return writeYaml([{ comment: notice, content }])
}
