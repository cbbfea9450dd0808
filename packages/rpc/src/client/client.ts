import { Metadata } from '@grpc/grpc-js'
import { type ClientCall, type ClientInterceptor, inheritDeadline } from '../call/client-call.ts'
import { interceptStream, interceptUnary, requireNext, type Wrapper } from '../call/interceptor.ts'
import { type Log, silentLog } from '../call/log.ts'
import { type Method, type Methods, nameOf, type ServiceDefinition } from '../call/service.ts'
import { HealthService } from '../health/health-service.ts'
import { loadOwnDescriptors } from '../reflection/descriptors.ts'
import { observeClientCalls } from '../telemetry/telemetry.ts'
import { createChannelCredentials } from '../tls/tls.ts'
import type { TlsFiles } from '../tls/tls-files.ts'
import { openChannel } from './channel.ts'
import { readOnlyMethodsOf } from './read-only-methods.ts'
import type { Transport } from './transport.ts'

/** Options of one call. */
export interface CallOptions {
  /** How long to wait for the whole response, in milliseconds; the client's value by default. */
  deadlineMs?: number | undefined
  /** Cancels the call. */
  signal?: AbortSignal | undefined
  /** The metadata of the request. */
  metadata?: Metadata | undefined
}

/** The methods of a service, called like local functions; each rejects with an `RpcError`. */
export type Client<Definition extends ServiceDefinition> = Methods<Definition, CallOptions> & ClientHandle

interface ClientHandle extends Disposable {
  /** Closes the channel. Active calls are cancelled. */
  close(): void
}

/** Options of every call of a client. */
export interface CallDefaults {
  /** How long a call may take, in milliseconds; 10 seconds by default. */
  deadlineMs?: number | undefined
  /** Interceptors of every call, outermost first. */
  interceptors?: readonly ClientInterceptor[] | undefined
}

/** What a client is made with. */
export interface ClientOptions extends CallDefaults {
  /**
   * `host:port` of the servers; calls are spread over every address that DNS has for the name. An address with a scheme
   * of gRPC (`dns://…`, `ipv4:…`, `unix:…`) is used as it is.
   */
  address: string
  /**
   * The descriptors of the contracts, a FileDescriptorSet: they say which methods are safe to retry. An empty array
   * retries none.
   */
  descriptors: Uint8Array
  /**
   * Certificates, reloaded when their files change. The certificate of the server must be for the host of the address and
   * from an authority in `ca`, or one of the machine's without `ca`. Plaintext without `tls`.
   */
  tls?: TlsFiles | undefined
  /** Where changes of the certificates are logged. */
  log?: Log | undefined
  /**
   * How long calls wait for a connection after the last one was lost, in milliseconds; 3 seconds by default. Later calls
   * fail at once, until there is a connection again.
   */
  waitForReadyMs?: number | undefined
  /**
   * Whether connections go through the HTTP proxy that `grpc_proxy`, `https_proxy` or `http_proxy` names, but for hosts in
   * `no_grpc_proxy` or `no_proxy`. By default these variables are ignored: they are mostly meant for the internet.
   */
  usesProxy?: boolean | undefined
}

/** A client of a service. Throws an error that names the file where a certificate is missing or invalid. */
export function createClient<Definition extends ServiceDefinition>(
  definition: Definition,
  { address, descriptors, tls, log = silentLog, waitForReadyMs, usesProxy, ...defaults }: ClientOptions,
): Client<Definition> {
  const readOnly = readOnlyMethodsOf(definition, descriptors)
  const credentials = createChannelCredentials(tls, log)
  const channel = openChannel(address, { credentials, readOnly, waitForReadyMs, usesProxy })
  return createTransportClient(channel, definition, defaults, address)
}

/** A client of the standard health service, whose descriptors this package has. */
export function createHealthClient(options: Omit<ClientOptions, 'descriptors'>): Client<typeof HealthService> {
  return createClient(HealthService, { ...options, descriptors: loadOwnDescriptors() })
}

/** A client on a transport. `target` is what telemetry reports as the server's address. */
export function createTransportClient<Definition extends ServiceDefinition>(
  transport: Transport,
  definition: Definition,
  { deadlineMs = 10_000, interceptors = [] }: CallDefaults = {},
  target?: string,
): Client<Definition> {
  const observe = observeClientCalls(target)
  const wrapper: Wrapper<ClientCall> = (call, next) => {
    inheritDeadline(call)
    return observe(call, next)
  }
  const pipeline = {
    wrapper,
    interceptors: interceptors.map(requireNext<ClientCall>),
  }

  const methods = Object.entries(definition).map(([name, complete]: [string, Method]) => {
    const method = acceptPartialRequests(complete)
    const unary = (input: unknown, options?: CallOptions) => {
      const call = beginCall(method, deadlineMs, options)
      return interceptUnary(pipeline, call, () => transport.unary(method, input, call))
    }
    const stream = (input: unknown, options?: CallOptions) => {
      const call = beginCall(method, deadlineMs, options)
      return interceptStream(pipeline, call, () => transport.stream(method, input, call))
    }
    return [name, method.responseStream ? stream : unary]
  })
  const { close } = transport
  const client = Object.assign(Object.fromEntries(methods), { close, [Symbol.dispose]: close })
  origins.set(client, { transport, service: nameOf(definition) })
  return client
}

const origins = new WeakMap<object, { transport: Transport; service: string }>()

/** The transport of a client and the full name of its service; undefined for an object that is no client of this package. */
export function originOf(client: object): { transport: Transport; service: string } | undefined {
  return origins.get(client)
}

// An empty message has the defaults of all fields.
function acceptPartialRequests(method: Method): Method {
  const defaults = method.requestDeserialize(Buffer.alloc(0)) as object
  return { ...method, requestSerialize: (request) => method.requestSerialize({ ...defaults, ...(request as object) }) }
}

function beginCall({ path }: Method, defaultMs: number, options: CallOptions = {}): ClientCall {
  const { deadlineMs = defaultMs, signal } = options
  if (Number.isNaN(deadlineMs)) throw new RangeError('deadlineMs must be a number of milliseconds')
  // A caller may use its metadata for many calls, and interceptors add what belongs to this one.
  const metadata = options.metadata?.clone() ?? new Metadata()
  return { path, metadata, deadline: Date.now() + deadlineMs, signal }
}
