import { stopWithinMsOf } from '@books/service'
import type { ServiceSettings } from '../call-graph.ts'
import { listDeployed, type Policy, problems } from './policy.ts'

/** A pod is killed only after the process itself would have given up. */
export const stopsAreWaitedFor: Policy = (resources, services) =>
  listDeployed(resources, services).flatMap(({ name, spec, container, variables }) => {
    const pauseSeconds = container.lifecycle?.preStop?.sleep?.seconds ?? 0
    const millisOf = (variable: string) => Number(variables[variable] ?? defaultOf(services, name, variable))
    const stopMs = stopWithinMsOf({ DRAIN_MS: millisOf('DRAIN_MS'), GRACE_MS: millisOf('GRACE_MS') })
    const patienceSeconds = spec.terminationGracePeriodSeconds ?? 30
    return problems(name, {
      'goes before load balancers know': pauseSeconds < 3,
      'may be killed while it stops': pauseSeconds + stopMs / 1_000 >= patienceSeconds,
    })
  })

/** What a service goes by where it is told nothing; nothing for what it does not read. */
function defaultOf(services: ServiceSettings, name: string, variable: string): number {
  const schema: { default?: unknown } = services[name]?.properties[variable] ?? {}
  return Number(schema.default ?? 0)
}
