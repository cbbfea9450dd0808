import type { AnyService } from '@books/service'
import type { IContainer } from 'kubernetes-models/v1/Container'
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec'
import { findNamed, type Kinds, listKind, nameOf, type Resource } from '../resources.ts'

/** A rule for all that is deployed. Returns what breaks it. */
export type Policy = (resources: readonly Resource[], services: readonly AnyService[]) => string[]

/** The problems of a subject that are true, as sentences. */
export function problems(subject: string, found: Record<string, boolean>): string[] {
  return Object.entries(found).flatMap(([problem, isTrue]) => (isTrue ? [`${subject} ${problem}`] : []))
}

/** Every container of a pod, its init containers included. */
export function containersOf({ initContainers = [], containers }: IPodSpec): IContainer[] {
  return [...initContainers, ...containers]
}

/** A service of the store as it is deployed. */
export interface Deployed {
  name: string
  deployment: Kinds['Deployment']
  spec: Partial<IPodSpec>
  /** The container that runs the service. */
  container: Partial<IContainer>
  /** Its environment variables, by name. */
  variables: Record<string, string>
  service: AnyService
}

/** The Deployments of the store's services. */
export function listDeployed(resources: readonly Resource[], services: readonly AnyService[]): Deployed[] {
  return listKind(resources, 'Deployment').flatMap((deployment) => {
    const name = nameOf(deployment)
    const service = services.find((each) => each.name === name)
    const spec: Partial<IPodSpec> = deployment.spec?.template.spec ?? {}
    const container = spec.containers?.find(isOurs) ?? {}
    return service ? [{ name, deployment, spec, container, variables: variablesOf(resources, container), service }] : []
  })
}

/** Whether a container runs a program of the store. */
export function isOurs({ name }: IContainer): boolean {
  return name === 'service' || name === 'job'
}

/** The name of the service whose image a container runs. */
export function imageNameOf({ image = '' }: Partial<IContainer>): string {
  return /\bbooks\/([a-z-]+)/.exec(image)?.[1] ?? ''
}

/** The variables of a container, its own above those of its ConfigMaps. One from a Secret has a placeholder as its value. */
export function variablesOf(
  resources: readonly Resource[],
  { env = [], envFrom = [] }: Partial<IContainer>,
): Record<string, string> {
  const shared = envFrom.map(({ configMapRef }) => findNamed(resources, 'ConfigMap', configMapRef?.name ?? '')?.data)
  const own = Object.fromEntries(env.map(({ name, value = 'secret' }) => [name, value]))
  return Object.assign({}, ...shared, own)
}
