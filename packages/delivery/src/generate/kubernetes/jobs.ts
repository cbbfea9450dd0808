import type { AnyService, Job } from '@books/service'
import type { Kinds } from '../../kubernetes/resources.ts'
import { jobDefaults } from '../defaults.ts'
import { containerOf, databaseVariable } from './container.ts'
import { podLabelsOf } from './labels.ts'

/** The Job that brings the database of a service to its newest step before new pods need it; undefined where it has none. */
export function findMigrationOf(service: AnyService): Kinds['Job'] | undefined {
  if (!service.migrations) return undefined
  const name = `${service.name}-migrate`
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    // A Job cannot be changed: those of the version before are removed by this label.
    metadata: { name, labels: { 'books/kind': 'migration' } },
    spec: { template: podTemplateOf(service, name, { command: ['src/commands/migrate.ts'] }) },
  }
}

/** The commands of a service that the cluster runs by a schedule. */
export function listCronJobsOf(service: AnyService): Kinds['CronJob'][] {
  return Object.entries(service.deployment.jobs ?? {}).map(([job, options]) => {
    const name = `${service.name}-${job}`
    return {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name },
      spec: {
        schedule: options.schedule,
        timeZone: 'Etc/UTC',
        jobTemplate: { spec: { template: podTemplateOf(service, name, options) } },
      },
    }
  })
}

function podTemplateOf(service: AnyService, name: string, options: Omit<Job, 'schedule'>) {
  const { command, memoryMib, cpuMillis } = { ...jobDefaults, ...options }
  const container = containerOf(service, {
    name: 'job',
    args: [...command],
    env: [{ name: 'LOG_FORMAT', value: 'json' }, ...(service.migrations ? [databaseVariable(service)] : [])],
    ...{ memoryMib, cpuMillis },
  })
  return {
    metadata: { labels: podLabelsOf(service, name) },
    spec: { serviceAccountName: service.name, containers: [container] },
  }
}
