import { type ChannelCredentials, Client } from '@grpc/grpc-js'
import { grpcOptions } from '../call/grpc-options.ts'
import { disablePretenuring } from '../call/pretenuring.ts'
import { type Credentials, createChannelCredentials } from '../tls/tls.ts'
import { createGrpcTransport } from './grpc-transport.ts'
import { withRetries } from './retries.ts'
import { serviceConfigOf } from './service-config.ts'
import { isOneServer, targetOf } from './target.ts'
import type { Transport } from './transport.ts'
import { watchConnectivity } from './wait-for-ready.ts'

// Finds a server that is back within seconds: by default the pause between attempts grows to two minutes, and names are
// resolved again every 30 seconds at most. A service config in DNS (TXT records) is ignored.
const channelOptions = {
  ...grpcOptions,
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
  'grpc.service_config_disable_resolution': 1,
}

// Longer than the longest pause between two attempts to connect.
const defaultWaitForReadyMs = 3_000

/** How a channel connects and retries. */
export interface ChannelSettings {
  /** Plaintext by default. */
  credentials?: Credentials<ChannelCredentials> | undefined
  /** The paths of the methods that are safe to retry; none by default. */
  readOnly?: readonly string[] | undefined
  /** Whether connections go through the proxy that the environment names. */
  usesProxy?: boolean | undefined
  /** How long calls wait for a connection after the last one was lost, in milliseconds. */
  waitForReadyMs?: number | undefined
}

/**
 * A transport over HTTP/2 to every server behind the address, with one connection to each. It connects on the first call
 * and reconnects by itself.
 */
export function openChannel(address: string, settings: ChannelSettings = {}): Transport {
  disablePretenuring()
  const { credentials = createChannelCredentials(), readOnly = [] } = settings
  const { waitForReadyMs = defaultWaitForReadyMs, usesProxy = false } = settings
  const config = serviceConfigOf({ readOnly, roundRobin: !isOneServer(address) })
  const client = new Client(targetOf(address), credentials.credentials, {
    ...channelOptions,
    'grpc.enable_http_proxy': usesProxy ? 1 : 0,
    'grpc.service_config': JSON.stringify(config),
  })
  const connectivity = watchConnectivity(client.getChannel(), waitForReadyMs)
  const transport = withRetries(createGrpcTransport(client), { connectivity, readOnly })

  return {
    ...transport,
    close() {
      transport.close()
      credentials.close()
    },
  }
}
