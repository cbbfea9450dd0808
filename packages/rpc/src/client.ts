import { Metadata } from '@grpc/grpc-js'
import { servedCall } from './call.ts'
import { openChannel } from './channel.ts'
import type { Method, Methods, ServiceDefinition } from './service.ts'
import type { Outgoing, Transport } from './transport.ts'

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

/** Where a client calls, and how long it waits unless a call says otherwise. */
export interface ClientOptions {
  /** `host:port` of the server. */
  address: string
  /** In milliseconds. */
  deadlineMs?: number | undefined
}

const defaultDeadlineMs = 10_000

/** A client on one long-lived channel. It connects on the first call and reconnects by itself. */
export function createClient<Definition extends ServiceDefinition>(
  definition: Definition,
  { address, deadlineMs }: ClientOptions,
): Client<Definition> {
  return clientOver(openChannel(address), definition, deadlineMs)
}

/** A client on any transport. */
export function clientOver<Definition extends ServiceDefinition>(
  transport: Transport,
  definition: Definition,
  deadlineMs = defaultDeadlineMs,
): Client<Definition> {
  const methods = Object.entries(definition).map(([name, method]: [string, Method]) => {
    const call = method.responseStream ? transport.many : transport.one
    return [name, (input: unknown, options?: CallOptions) => call(method, input, outgoing(deadlineMs, options))]
  })
  return Object.assign(Object.fromEntries(methods), { close: transport.close })
}

// A call made while answering another has no longer than that one, and ends with it.
function outgoing(defaultMs: number, { deadlineMs = defaultMs, signal, metadata }: CallOptions = {}): Outgoing {
  const parent = servedCall.getStore()
  const signals = [signal, parent?.signal].filter((each) => each !== undefined)
  return {
    metadata: metadata ?? new Metadata(),
    deadline: Math.min(Date.now() + deadlineMs, parent?.deadline ?? Number.POSITIVE_INFINITY),
    signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
  }
}
