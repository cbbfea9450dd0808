import { Metadata } from '@grpc/grpc-js'
import { interceptMany, interceptOne } from '../call/interceptor.ts'
import type { MessageLimits } from '../call/limits.ts'
import { type Log, silentLog } from '../call/log.ts'
import { type Method, type Methods, nameOf, type ServiceDefinition } from '../call/service.ts'
import { observeMade } from '../telemetry/telemetry.ts'
import { secureChannel } from '../tls/tls.ts'
import type { TlsFiles } from '../tls/tls-files.ts'
import { openChannel } from './channel.ts'
import { type ClientCall, type ClientInterceptor, inheritCall } from './client-call.ts'
import { readOnlyMethodsOf } from './read-only-methods.ts'
import type { Transport } from './transport.ts'

/** What one call may ask for. */
export interface CallOptions {
  /** How long to wait for the whole answer; the client's own value otherwise. */
  deadlineMs?: number | undefined
  /** Cancels the call. */
  signal?: AbortSignal | undefined
  /** What to send along. */
  metadata?: Metadata | undefined
}

/** The methods of a service, called like local functions; each rejects with an `RpcError`. */
export type Client<Definition extends ServiceDefinition> = Methods<Definition, CallOptions> & {
  /** Closes the channel. Calls that still run are cancelled. */
  close(): void
}

/** How a client makes its calls. */
export interface CallDefaults {
  /** How long a call waits unless it says otherwise, in milliseconds. */
  deadlineMs?: number | undefined
  /** What surrounds every call, outermost first. */
  interceptors?: readonly ClientInterceptor[] | undefined
}

/** Where a client calls, and how. */
export interface ClientOptions extends CallDefaults {
  /**
   * `host:port` of the servers: every address that DNS has for the name gets its share of the calls. An address with
   * a scheme that grpc knows (`dns://…`, `ipv4:…`, `unix:…`) is taken as it is.
   */
  address: string
  /**
   * Certificates: with `tls` the server must prove to be `host`, by the authorities of `ca` or else the machine's. They
   * are followed when their files change. Without `tls` nothing is encrypted.
   */
  tls?: TlsFiles | undefined
  /** Told about certificates that change. */
  log?: Log | undefined
  /** What the contracts say, a FileDescriptorSet: which methods may be called again. Without it none is. */
  descriptors?: Uint8Array | undefined
  /**
   * How long calls wait for a connection after the last one was lost, in milliseconds; 3 seconds otherwise. Later ones
   * fail at once, until there is a connection again.
   */
  waitForReadyMs?: number | undefined
  /** How large messages may be, where that is not the default. */
  limits?: Partial<MessageLimits> | undefined
}

/**
 * A client on long-lived connections. It connects on the first call and reconnects by itself. Throws an error that names
 * the file where a certificate is missing or wrong.
 */
export function createClient<Definition extends ServiceDefinition>(
  definition: Definition,
  { address, tls, log = silentLog, descriptors, waitForReadyMs, limits, ...defaults }: ClientOptions,
): Client<Definition> {
  const readOnly = descriptors && readOnlyMethodsOf(definition, descriptors)
  const secured = secureChannel(tls, log)
  return clientOver(openChannel(address, { secured, readOnly, waitForReadyMs, limits }), definition, defaults, address)
}

/** A client on any transport. `target` is what telemetry says of where it calls. */
export function clientOver<Definition extends ServiceDefinition>(
  transport: Transport,
  definition: Definition,
  { deadlineMs = 10_000, interceptors = [] }: CallDefaults = {},
  target?: string,
): Client<Definition> {
  const around = [observeMade(target), inheritCall, ...interceptors]

  const methods = Object.entries(definition).map(([name, strict]: [string, Method]) => {
    const method = takingPartialRequests(strict)
    const one = (input: unknown, options?: CallOptions) => {
      const call = begin(method, deadlineMs, options)
      return interceptOne(around, call, () => transport.one(method, input, call))
    }
    const many = (input: unknown, options?: CallOptions) => {
      const call = begin(method, deadlineMs, options)
      return interceptMany(around, call, () => transport.many(method, input, call))
    }
    return [name, method.responseStream ? many : one]
  })
  const client = Object.assign(Object.fromEntries(methods), { close: transport.close })
  origins.set(client, { transport, service: nameOf(definition) })
  return client
}

const origins = new WeakMap<object, { transport: Transport; service: string }>()

/** The transport of a client and the full name of the service that it calls; undefined for what is no client of ours. */
export function originOf(client: object): { transport: Transport; service: string } | undefined {
  return origins.get(client)
}

// No bytes at all are the message whose fields all have their defaults.
function takingPartialRequests(method: Method): Method {
  const defaults = method.requestDeserialize(Buffer.alloc(0)) as object
  return { ...method, requestSerialize: (request) => method.requestSerialize({ ...defaults, ...(request as object) }) }
}

function begin({ path }: Method, defaultMs: number, options: CallOptions = {}): ClientCall {
  const { deadlineMs = defaultMs, signal } = options
  // A caller may use its metadata for many calls, and interceptors set what belongs to this one.
  const metadata = options.metadata?.clone() ?? new Metadata()
  return { path, metadata, deadline: Date.now() + deadlineMs, signal }
}
