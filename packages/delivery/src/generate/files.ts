import { readFileSync } from 'node:fs'
import type { AnyService } from '@books/service'
import { parse } from 'yaml'
import { dashboardFiles } from '../dashboards/dashboards.ts'
import { composeFile } from './compose/compose-file.ts'
import { composeTlsFile } from './compose/compose-tls-file.ts'
import { baseFiles } from './kubernetes/base.ts'
import { localFiles } from './kubernetes/local-overlay.ts'
import { productionFiles, type Release } from './kubernetes/production-overlay.ts'
import { prometheusSettings } from './prometheus/prometheus-settings.ts'
import { serviceRules } from './prometheus/service-rules.ts'
import { serviceRulesTest } from './prometheus/service-rules-test.ts'
import { readme } from './readme.ts'

/** The root of the repository, where the paths of generated files begin. */
export const root = new URL('../../../../', import.meta.url)

/** Folders in which everything is generated: what else is in them belongs to no service any more. */
export const generatedFolders = [
  'kubernetes/base/services/',
  'kubernetes/overlays/local/services/',
  'kubernetes/overlays/production/services/',
  'observability/grafana/dashboards/',
]

/** The text of every file that follows from the list of services, by its path. */
export function generateFiles(services: readonly AnyService[]): ReadonlyMap<string, string> {
  const release: Release = parse(readFileSync(new URL('kubernetes/overlays/production/release.yaml', root), 'utf8'))
  return new Map([
    ['README.md', readme(services, root)],
    ['docker/services.txt', `${services.map(({ name }) => name).join('\n')}\n`],
    ['docker/compose.yaml', composeFile(services)],
    ['docker/compose.tls.yaml', composeTlsFile(services)],
    ...within('kubernetes/base/services/', baseFiles(services)),
    ...within('kubernetes/overlays/local/services/', localFiles(services)),
    ...within('kubernetes/overlays/production/services/', productionFiles(services, release)),
    ['observability/prometheus/prometheus.yaml', prometheusSettings(services)],
    ['observability/prometheus/service-rules.yaml', serviceRules(services)],
    ['observability/prometheus/service-rules.test.yaml', serviceRulesTest(services)],
    ...within('observability/grafana/dashboards/', [...dashboardFiles]),
  ])
}

function within(folder: string, files: readonly [string, string][]): [string, string][] {
  return files.map(([name, text]) => [`${folder}${name}`, text])
}
