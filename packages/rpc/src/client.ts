import { Metadata } from '@grpc/grpc-js'
import { openChannel } from './channel.ts'
import { type ClientCall, type ClientInterceptor, inheritCall } from './client-call.ts'
import { interceptMany, interceptOne } from './interceptor.ts'
import type { MessageLimits } from './limits.ts'
import type { Method, Methods, ServiceDefinition } from './service.ts'
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
  /** `host:port` of the server. */
  address: string
  /** How large messages may be, where that is not the default. */
  limits?: Partial<MessageLimits> | undefined
}

/** A client on one long-lived channel. It connects on the first call and reconnects by itself. */
export function createClient<Definition extends ServiceDefinition>(
  definition: Definition,
  { address, limits, ...defaults }: ClientOptions,
): Client<Definition> {
  return clientOver(openChannel(address, limits), definition, defaults)
}

/** A client on any transport. */
export function clientOver<Definition extends ServiceDefinition>(
  transport: Transport,
  definition: Definition,
  { deadlineMs = 10_000, interceptors = [] }: CallDefaults = {},
): Client<Definition> {
  const around = [inheritCall, ...interceptors]

  const methods = Object.entries(definition).map(([name, method]: [string, Method]) => {
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
  return Object.assign(Object.fromEntries(methods), { close: transport.close })
}

function begin({ path }: Method, defaultMs: number, options: CallOptions = {}): ClientCall {
  const { deadlineMs = defaultMs, signal, metadata = new Metadata() } = options
  return { path, metadata, deadline: Date.now() + deadlineMs, signal }
}
