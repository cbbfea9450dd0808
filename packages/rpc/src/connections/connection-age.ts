import type { ServerOptions } from '@grpc/grpc-js'

/**
 * Options of grpc-js that make clients reconnect, and so look for new replicas, before a connection is this old. Its
 * running calls have ten minutes more.
 */
export function connectionAge(ms: number): ServerOptions {
  return {
    // grpc-js spreads it by up to a tenth in both directions; what is left is time to look a name up and to connect.
    'grpc.max_connection_age_ms': ms / 1.2,
    'grpc.max_connection_age_grace_ms': 600_000,
  }
}
