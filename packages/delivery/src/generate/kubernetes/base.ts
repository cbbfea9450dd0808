import type { AnyService } from '@books/service'
import type { Resource } from '../../kubernetes/resources.ts'
import { notice } from '../names.ts'
import { writeYaml } from '../yaml.ts'
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
  const [account, ...others] = resourcesOf(service, services)
  const documents = others.map((content) => ({ content }))
  return writeYaml([{ content: account, comment: notice }, ...documents])
}

/** Every resource of a service, its account first. */
export function resourcesOf(service: AnyService, services: readonly AnyService[]): [Resource, ...Resource[]] {
  const migration = findMigrationOf(service)
  return [
    serviceAccountOf(service),
    deploymentOf(service),
    serviceOf(service),
    ...scalingOf(service),
    ...networkPoliciesOf(service, services),
    ...(migration ? [migration] : []),
    ...listCronJobsOf(service),
  ]
}
