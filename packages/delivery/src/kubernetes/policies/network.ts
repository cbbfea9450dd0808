import { addresses, allowedEdgesOf, anybody, namespaceWith, type Pods } from '../allowed-edges.ts'
import { callGraphOf, type Edge, type ServiceSettings } from '../call-graph.ts'
import { findNamed, listWorkloads, type Resource } from '../resources.ts'
import { nameLabel, type Policy, problems, serviceOf } from './policy.ts'

const names = namespaceWith({ 'kubernetes.io/metadata.name': 'kube-system' })
const telemetry = namespaceWith({ 'books/telemetry': 'true' })
const visitors = namespaceWith({ 'books/ingress': 'true' })

/** Who may speak to whom is who calls whom, no more and no less. */
export const networkIsTheCallGraph: Policy = (resources, services) => {
  const pods = Object.fromEntries(listWorkloads(resources).map(({ labels }) => [labels[nameLabel] ?? '', labels]))
  const allowed = allowedEdgesOf(resources, pods)
  const wanted = [...callGraphOf(services), ...jobEdgesOf(resources, services), ...outsideEdgesOf(pods, services)]
  const denied = findNamed(resources, 'NetworkPolicy', 'default-deny')?.spec
  // In a cluster that nobody else reaches, visitors are anybody. A database outside the cluster is known by its address.
  const database = 'postgres' in pods ? 'postgres' : addresses
  const isTheSame = (edge: Edge) => (other: Edge) =>
    [edge, edge.replace(visitors, anybody)].includes(other.replace(`> ${database}:`, '> postgres:'))
  return [
    ...problems('the network', {
      'is open where nothing is said':
        denied?.policyTypes?.toSorted().join() !== 'Egress,Ingress' ||
        Object.keys(denied.podSelector ?? {}).length > 0 ||
        [...(denied.ingress ?? []), ...(denied.egress ?? [])].length > 0,
    }),
    ...wanted.filter((edge) => !allowed.some(isTheSame(edge))).map((edge) => `${edge} is called and not allowed`),
    ...allowed
      .filter((edge) => !wanted.some((called) => isTheSame(called)(edge)))
      .map((edge) => `${edge} is allowed and not called`),
  ]
}

/** A Job reaches the database of its service, and nothing else. */
function jobEdgesOf(resources: readonly Resource[], services: ServiceSettings): Edge[] {
  return listWorkloads(resources).flatMap(({ labels, spec }): Edge[] => {
    const name = labels[nameLabel] ?? ''
    const [service] = spec.containers.map(serviceOf)
    return service && service !== name && 'DATABASE_URL' in (services[service]?.properties ?? {})
      ? [`${name} > postgres:5432`]
      : []
  })
}

/** What every pod has, whoever it is, and the door of the shop. */
function outsideEdgesOf(pods: Pods, services: ServiceSettings): Edge[] {
  const everyPod = Object.keys(pods).flatMap((pod): Edge[] => [
    `${pod} > ${names}:53`,
    `${pod} > ${telemetry}:4318`,
    `${telemetry} > ${pod}:9464`,
  ])
  const doors = Object.entries(services).flatMap(([name, { properties }]): Edge[] => {
    const schema: { default?: unknown } = properties['PORT'] ?? {}
    return 'PUBLIC_URL' in properties ? [`${visitors} > ${name}:${Number(schema.default)}`] : []
  })
  return [...everyPod, ...doors]
}
