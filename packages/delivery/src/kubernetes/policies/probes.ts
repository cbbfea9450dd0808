import type { IProbe } from 'kubernetes-models/v1/Probe'
import { listDeployed, type Policy, problems } from './policy.ts'

/** Readiness follows what a service needs; liveness does not, or a database that is unreachable would restart every pod. */
export const probesFitTheService: Policy = (resources, services) =>
  listDeployed(resources, services).flatMap(({ name, container, variables, service }) => {
    const { startupProbe, readinessProbe, livenessProbe } = container
    if (!startupProbe || !readinessProbe || !livenessProbe) return [`${name} lacks a probe`]
    const isGrpc = service.protocol === 'grpc'
    const hasPort = isGrpc
      ? ({ grpc }: IProbe) => String(grpc?.port) === variables['PROBE_PORT']
      : ({ httpGet }: IProbe) => container.ports?.some((port) => port.name === httpGet?.port)
    const asksForLiveness = isGrpc
      ? ({ grpc }: IProbe) => grpc?.service === 'live'
      : ({ httpGet }: IProbe) => httpGet?.path === '/healthz'
    return problems(name, {
      'has a probe of a port that it does not open': ![startupProbe, readinessProbe, livenessProbe].every(hasPort),
      'is ready without what it needs': isGrpc
        ? readinessProbe.grpc?.service !== undefined
        : readinessProbe.httpGet?.path !== '/readyz',
      'is restarted when something that it needs is down': ![startupProbe, livenessProbe].every(asksForLiveness),
    })
  })
