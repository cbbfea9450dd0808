import type { ServiceConfig } from '@grpc/grpc-js'

/** What a service config depends on. */
export interface ServiceConfigSettings {
  /** The paths of the methods that are safe to retry. */
  readOnly: readonly string[]
  /** Whether calls are spread over all addresses of the name. */
  roundRobin: boolean
}

/** The load balancing, retries and retry throttling of gRPC for one client (gRFC A6). */
export function serviceConfigOf({ readOnly, roundRobin }: ServiceConfigSettings): ServiceConfig {
  return {
    loadBalancingConfig: roundRobin ? [{ round_robin: {} }] : [],
    methodConfig: readOnly.length > 0 ? [{ name: readOnly.map(nameOf), retryPolicy }] : [],
    // Also without retries: grpc-js shares one throttle between all clients of a target, and a client without one removes it.
    retryThrottling: { maxTokens: 10, tokenRatio: 0.1 },
  }
}

const retryPolicy = {
  maxAttempts: 4,
  // Short, as the next attempt goes to another replica, and grpc-js waits it out even when it is throttled.
  initialBackoff: '0.01s',
  maxBackoff: '1s',
  backoffMultiplier: 4,
  retryableStatusCodes: ['UNAVAILABLE'],
}

function nameOf(path: string) {
  const [, service = '', method = ''] = path.split('/')
  return { service, method }
}
