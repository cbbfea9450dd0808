import type { AnyService } from '@books/service'
import type { IEnvVar } from 'kubernetes-models/v1/EnvVar'
import type { Kinds } from '../../kubernetes/resources.ts'
import { serviceDefaults } from '../defaults.ts'
import { hostVariableOf } from '../names.ts'
import { containerOf, databaseVariable, secretVariablesOf } from './container.ts'
import { podLabelsOf, podsOf } from './labels.ts'

const targetCpuPercent = 70

/** The Deployment of a service. What every Deployment has is in kubernetes/base/patches. */
export function deploymentOf(service: AnyService): Kinds['Deployment'] {
  const { name, port, protocol, deployment } = service
  const { memoryMib, cpuMillis, replicas } = { ...serviceDefaults, ...deployment }
  const container = containerOf(service, {
    name: 'service',
    ports: [{ name: protocol, containerPort: port }],
    env: environmentOf(service),
    ...{ memoryMib, cpuMillis },
  })
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    // By this label the patches for services of its protocol find it.
    metadata: { name, labels: { 'books/protocol': protocol } },
    spec: {
      replicas: replicas.min,
      selector: podsOf(name),
      template: {
        metadata: { labels: podLabelsOf(service, name) },
        spec: {
          serviceAccountName: name,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: podsOf(name),
            },
          ],
          containers: [container],
        },
      },
    },
  }
}

/** What scales a service, and how many of its pods may be away at a time. */
export function scalingOf({
  name,
  deployment,
}: AnyService): [Kinds['PodDisruptionBudget'], Kinds['HorizontalPodAutoscaler']] {
  const { replicas } = { ...serviceDefaults, ...deployment }
  return [
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name },
      spec: { maxUnavailable: 1, selector: podsOf(name) },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        minReplicas: replicas.min,
        maxReplicas: replicas.max,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: targetCpuPercent } },
          },
        ],
      },
    },
  ]
}

function environmentOf(service: AnyService): IEnvVar[] {
  const { port, dependencies, migrations, deployment } = service
  return [
    { name: 'PORT', value: String(port) },
    ...Object.keys(dependencies).map((other) => ({ name: hostVariableOf(other), value: other })),
    ...(migrations ? [databaseVariable(service)] : []),
    ...secretVariablesOf(service),
    ...Object.entries(deployment.environment ?? {}).map(([name, value]) => ({ name, value })),
  ]
}
