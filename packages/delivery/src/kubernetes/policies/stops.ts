import { longestStopMs } from '@books/runtime'
import type { ServiceSettings } from '../call-graph.ts'
import { listDeployed, type Policy, problems } from './policy.ts'

/** What a process does after its last call: data and traces are flushed. */
const afterwardsMs = 5_000

/**
 * Kubernetes kills nobody who is still about to stop, and neither does the process itself, which gives up after
 * `longestStopMs`.
 */
export const stopsAreWaitedFor: Policy = (resources, services) =>
  listDeployed(resources, services).flatMap(({ name, spec, container, variables }) => {
    const pauseSeconds = container.lifecycle?.preStop?.sleep?.seconds ?? 0
    const millisOf = (variable: string) => Number(variables[variable] ?? defaultOf(services, name, variable))
    const patienceSeconds = spec.terminationGracePeriodSeconds ?? 30
    return problems(name, {
      'goes before load balancers know': pauseSeconds < 3,
      'gives up before its calls have ended':
        millisOf('DRAIN_MS') + millisOf('GRACE_MS') + afterwardsMs > longestStopMs,
      'may be killed while it stops': pauseSeconds + longestStopMs / 1_000 >= patienceSeconds,
    })
  })

/** What a service goes by where it is told nothing; nothing for what it does not read. */
function defaultOf(services: ServiceSettings, name: string, variable: string): number {
  const schema: { default?: unknown } = services[name]?.properties[variable] ?? {}
  return Number(schema.default ?? 0)
}
