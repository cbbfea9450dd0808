import type { AnyService } from '@books/service'
import { notice } from '../names.ts'
import { writeYaml, type YamlDocument } from '../yaml.ts'
import { deploymentOf, scalingOf } from './deployment.ts'
import { findMigrationOf, listCronJobsOf } from './jobs.ts'
import { networkPoliciesOf } from './network-policies.ts'
import { serviceAccountOf, serviceOf } from './service.ts'

/** What every cluster runs of each service: the files of kubernetes/base/services, by name. */
export function baseFiles(services: readonly AnyService[]): [string, string][] {
  return [
    ['kustomization.yaml', writeYaml([{ comment: notice, content: kustomizationOf(services) }])],
    ...services.map((service): [string, string] => [`${service.name}.yaml`, manifestOf(service, services)]),
  ]
}

function kustomizationOf(services: readonly AnyService[]) {
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: services.map(({ name }) => `${name}.yaml`),
  }
}

function manifestOf(service: AnyService, services: readonly AnyService[]): string {
  const migration = findMigrationOf(service)
  const [budget, scaler] = scalingOf(service)
  const documents: YamlDocument[] = [
    { content: serviceAccountOf(service), comment: notice },
    { content: deploymentOf(service) },
    { content: serviceOf(service) },
    { content: budget },
    { content: scaler },
    ...networkPoliciesOf(service, services).map((content) => ({ content })),
    ...(migration ? [{ content: migration }] : []),
    ...listCronJobsOf(service).map((content) => ({ content })),
  ]
  return writeYaml(documents)
}
