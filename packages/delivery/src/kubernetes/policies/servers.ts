import type { IProbe } from 'kubernetes-models/v1/Probe'
import { findNamed } from '../resources.ts'
import { listDeployed, nameLabel, type Policy, problems } from './policy.ts'

/** Every service is there. */
export const servicesAreDeployed: Policy = (resources, services) => {
  const deployed = listDeployed(resources, services).map(({ name }) => name)
  return Object.keys(services).flatMap((name) => problems(name, { 'is not deployed': !deployed.includes(name) }))
}

/** A node that is lost, or drained, takes no service with it. */
export const servicesOutliveTheirNodes: Policy = (resources, services) =>
  listDeployed(resources, services).flatMap(({ name, deployment, spec }) => {
    const scaler = findNamed(resources, 'HorizontalPodAutoscaler', name)?.spec
    const budget = findNamed(resources, 'PodDisruptionBudget', name)?.spec
    const [spread] = spec.topologySpreadConstraints ?? []
    return problems(name, {
      'has fewer than three replicas': Number(deployment.spec?.replicas) < 3,
      'is scaled below three replicas': (scaler?.minReplicas ?? 1) < 3,
      'is not scaled': scaler?.scaleTargetRef.name !== name || !(scaler.maxReplicas > Number(scaler.minReplicas)),
      'may be disrupted as a whole': budget?.maxUnavailable !== 1 || budget.selector?.matchLabels?.[nameLabel] !== name,
      'is not spread over nodes':
        spread?.topologyKey !== 'kubernetes.io/hostname' || spread.labelSelector?.matchLabels?.[nameLabel] !== name,
    })
  })

/** A Service leads to each service. Clients of gRPC balance over pods, so that theirs shows them each. */
export const servicesAreReached: Policy = (resources, services) =>
  listDeployed(resources, services).flatMap(({ name, container, variables, isServer }) => {
    const service = findNamed(resources, 'Service', name)?.spec
    const [port] = service?.ports ?? []
    const opened = container.ports?.find((opened) => opened.name === port?.targetPort)?.containerPort
    return problems(name, {
      'is not headless': isServer && service?.clusterIP !== 'None',
      // A headless one leads straight to the pods, whatever its ports say.
      'is reached at a port that it does not open': opened === undefined || (isServer && port?.port !== opened),
      'listens at a port that it does not open': String(opened) !== variables['PORT'],
      'is selected by another name': service?.selector?.[nameLabel] !== name,
    })
  })

/** Ready follows what a service needs; alive does not, or a database that is away would have every pod started anew. */
export const probesAreNative: Policy = (resources, services) =>
  listDeployed(resources, services).flatMap(({ name, container, variables, isServer }) => {
    const { startupProbe, readinessProbe, livenessProbe } = container
    if (!startupProbe || !readinessProbe || !livenessProbe) return [`${name} lacks a probe`]
    const isAskedRightly = isServer
      ? ({ grpc }: IProbe) => String(grpc?.port) === variables['PROBE_PORT']
      : ({ httpGet }: IProbe) => container.ports?.some((port) => port.name === httpGet?.port)
    const asksNothingElse = isServer
      ? ({ grpc }: IProbe) => grpc?.service === 'live'
      : ({ httpGet }: IProbe) => httpGet?.path === '/healthz'
    return problems(name, {
      'is asked where it does not answer': ![startupProbe, readinessProbe, livenessProbe].every(isAskedRightly),
      'is ready without what it needs': isServer
        ? readinessProbe.grpc?.service !== undefined
        : readinessProbe.httpGet?.path !== '/readyz',
      'dies of what it needs': ![startupProbe, livenessProbe].every(asksNothingElse),
    })
  })
