import type { IContainer } from 'kubernetes-models/v1/Container'
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec'
import type { ServiceSettings } from '../call-graph.ts'
import { findNamed, type Kinds, listKind, nameOf, type Resource } from '../resources.ts'

/** A rule that everything deployed keeps. Says what breaks it; nothing where all is well. */
export type Policy = (resources: readonly Resource[], services: ServiceSettings) => string[]

/** The label by which everything selects the pods of a workload. */
export const nameLabel = 'app.kubernetes.io/name'

/** Those of some problems that are there, said of somebody. */
export function problems(who: string, found: Record<string, boolean>): string[] {
  return Object.entries(found).flatMap(([problem, isThere]) => (isThere ? [`${who} ${problem}`] : []))
}

/** Every container of a pod, those that only prepare it among them. */
export function containersOf({ initContainers = [], containers }: IPodSpec): IContainer[] {
  return [...initContainers, ...containers]
}

/** A service of the store as it is deployed. */
export interface Deployed {
  name: string
  deployment: Kinds['Deployment']
  spec: Partial<IPodSpec>
  /** The one that runs the service. */
  container: Partial<IContainer>
  /** What it is told, by the names of the variables. */
  variables: Record<string, string>
  /** Whether it answers gRPC; a web service otherwise. */
  isServer: boolean
}

/** The Deployments of the store. What answers gRPC is told by the services' own settings. */
export function listDeployed(resources: readonly Resource[], services: ServiceSettings): Deployed[] {
  return listKind(resources, 'Deployment').map((deployment) => {
    const name = nameOf(deployment)
    const spec: Partial<IPodSpec> = deployment.spec?.template.spec ?? {}
    const container = spec.containers?.find(isOurs) ?? {}
    const variables = variablesOf(resources, container)
    return {
      name,
      deployment,
      spec,
      container,
      variables,
      isServer: 'PROBE_PORT' in (services[name]?.properties ?? {}),
    }
  })
}

/** Whether a container runs a program of the store. */
export function isOurs({ name }: IContainer): boolean {
  return name === 'service' || name === 'job'
}

/** The service whose image a container runs. */
export function serviceOf({ image = '' }: Partial<IContainer>): string {
  return /\bbooks\/([a-z-]+)/.exec(image)?.[1] ?? ''
}

/** The variables of a container, its own above those of its ConfigMaps; of one that comes from a Secret, only that there is one. */
export function variablesOf(
  resources: readonly Resource[],
  { env = [], envFrom = [] }: Partial<IContainer>,
): Record<string, string> {
  const shared = envFrom.map(({ configMapRef }) => findNamed(resources, 'ConfigMap', configMapRef?.name ?? '')?.data)
  const own = Object.fromEntries(env.map(({ name, value = 'secret' }) => [name, value]))
  return Object.assign({}, ...shared, own)
}
