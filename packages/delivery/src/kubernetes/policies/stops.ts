import { readServiceSettings, stopWithinMsOf } from '@books/service'
import { listDeployed, type Policy, problems } from './policy.ts'

const shortestPauseSeconds = 3

/** Kubernetes kills a pod only after the process itself would have given up. */
export const stopsFitTheGracePeriod: Policy = (resources, services) =>
  listDeployed(resources, services).flatMap(({ name, spec, container, variables, service }) => {
    const pauseSeconds = container.lifecycle?.preStop?.sleep?.seconds ?? 0
    const graceSeconds = spec.terminationGracePeriodSeconds ?? 30
    const { DRAIN_MS, GRACE_MS } = variables
    const settings = readServiceSettings(service, { DRAIN_MS, GRACE_MS })
    return problems(name, {
      'stops before load balancers know': pauseSeconds < shortestPauseSeconds,
      'may be killed while it stops': pauseSeconds + stopWithinMsOf(settings) / 1_000 >= graceSeconds,
    })
  })
