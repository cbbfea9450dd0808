import type { ICertificate } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate'
import type { IIssuer } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Issuer'
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment'
import type { IStatefulSet } from 'kubernetes-models/apps/v1/StatefulSet'
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler'
import type { ICronJob } from 'kubernetes-models/batch/v1/CronJob'
import type { IJob } from 'kubernetes-models/batch/v1/Job'
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap'
import type { INamespace } from 'kubernetes-models/v1/Namespace'
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec'
import type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec'
import type { ISecret } from 'kubernetes-models/v1/Secret'
import type { IService } from 'kubernetes-models/v1/Service'
import type { IServiceAccount } from 'kubernetes-models/v1/ServiceAccount'

/** The kinds of resources that the store is deployed as. Others are refused. */
export interface Kinds {
  Certificate: ICertificate
  ConfigMap: IConfigMap
  CronJob: ICronJob
  Deployment: IDeployment
  HorizontalPodAutoscaler: IHorizontalPodAutoscaler
  Issuer: IIssuer
  Job: IJob
  Namespace: INamespace
  NetworkPolicy: INetworkPolicy
  PodDisruptionBudget: IPodDisruptionBudget
  Secret: ISecret
  Service: IService
  ServiceAccount: IServiceAccount
  StatefulSet: IStatefulSet
}

/** A resource as an overlay renders it. */
export type Resource = Kinds[keyof Kinds]

/** The resources of a kind. */
export function listKind<Kind extends keyof Kinds>(resources: readonly Resource[], kind: Kind): Kinds[Kind][] {
  return resources.filter((resource): resource is Kinds[Kind] => resource.kind === kind)
}

/** The resource of a kind with a name; undefined where there is none. */
export function findNamed<Kind extends keyof Kinds>(
  resources: readonly Resource[],
  kind: Kind,
  name: string,
): Kinds[Kind] | undefined {
  return listKind(resources, kind).find((resource) => nameOf(resource) === name)
}

/** The name of a resource. */
export function nameOf({ metadata }: Resource): string {
  return metadata?.name ?? ''
}

/** What runs pods, and the template of these. */
export interface Workload {
  name: string
  labels: Record<string, string>
  spec: IPodSpec
}

/** Everything that runs pods. */
export function listWorkloads(resources: readonly Resource[]): Workload[] {
  return resources.flatMap((resource) => {
    const template = templateOf(resource)
    return template?.spec
      ? [{ name: `${resource.kind} ${nameOf(resource)}`, labels: template.metadata?.labels ?? {}, spec: template.spec }]
      : []
  })
}

function templateOf(resource: Resource): IPodTemplateSpec | undefined {
  switch (resource.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'Job':
      return resource.spec?.template
    case 'CronJob':
      return resource.spec?.jobTemplate.spec?.template
    default:
      return undefined
  }
}
