import type { ServiceConfig } from '@grpc/grpc-js'

/** What a service config is made from. */
export interface Calling {
  /** The paths of the methods that may be called again without harm. */
  readOnly: readonly string[]
  /** Whether every address behind the name gets its share of the calls. */
  balanced: boolean
}

/** How grpc balances and retries the calls of one client (gRFC A6). */
export function serviceConfigOf({ readOnly, balanced }: Calling): ServiceConfig {
  return {
    loadBalancingConfig: balanced ? [{ round_robin: {} }] : [],
    methodConfig: readOnly.length > 0 ? [{ name: readOnly.map(nameOf), retryPolicy }] : [],
    // Also where nothing is retried: grpc-js keeps one throttle for all clients of a target, and one without it removes it.
    retryThrottling: { maxTokens: 10, tokenRatio: 0.1 },
  }
}

const retryPolicy = {
  maxAttempts: 4,
  // Short, as the next attempt goes to another replica; grpc-js also waits it out before it finds itself throttled.
  initialBackoff: '0.01s',
  maxBackoff: '1s',
  backoffMultiplier: 4,
  retryableStatusCodes: ['UNAVAILABLE'],
}

function nameOf(path: string) {
  const [, service = '', method = ''] = path.split('/')
  return { service, method }
}
