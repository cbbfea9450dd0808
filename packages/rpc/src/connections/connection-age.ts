import type { ServerOptions } from '@grpc/grpc-js'

/**
 * Options of grpc-js with which clients reconnect, and so find new replicas, before a connection reaches this age. Calls
 * that are active then have ten minutes to end.
 */
export function connectionAge(ms: number): ServerOptions {
  return {
    // grpc-js varies the age by up to 10 % both ways; the rest is time to resolve the name and to connect.
    'grpc.max_connection_age_ms': ms / 1.2,
    'grpc.max_connection_age_grace_ms': 600_000,
  }
}
