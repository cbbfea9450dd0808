import type { EventEmitter } from 'node:events'
import type { Writable } from 'node:stream'
import {
  type ChannelCredentials,
  Client,
  type ClientReadableStream,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js'
import { defaultMessageLimits, type MessageLimits, messageOptionsOf } from '../call/limits.ts'
import type { Method } from '../call/service.ts'
import { writeAll } from '../call/write-all.ts'
import { type Secured, secureChannel } from '../tls/tls.ts'
import type { ClientCall } from './client-call.ts'
import { serviceConfigOf } from './service-config.ts'
import { isOneServer, targetOf } from './target.ts'
import { failureOf, retryLost } from './transparent-retry.ts'
import type { Transport } from './transport.ts'
import { patient, watchOutages } from './wait-for-ready.ts'

// A server that comes back is found within seconds; by default the pause between attempts grows to two minutes, and
// names are looked up again every 30 seconds at most. What a name's TXT records say is no configuration of ours.
const channelOptions = {
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
  'grpc.service_config_disable_resolution': 1,
}

// Longer than the longest pause between two attempts to connect.
const defaultWaitForReadyMs = 3_000

type Messages = AsyncIterable<unknown>
type Cancellable = { cancel(): void }

/** How a channel treats the calls it brings. */
export interface ChannelSettings {
  /** What its connections are made with; nothing is encrypted otherwise. */
  secured?: Secured<ChannelCredentials> | undefined
  /** The paths of the methods that may be called again without harm. */
  readOnly?: readonly string[] | undefined
  /** How long calls wait for a connection where there is none, in milliseconds. */
  waitForReadyMs?: number | undefined
  /** How large messages may be, where that is not the default. */
  limits?: Partial<MessageLimits> | undefined
}

/**
 * A transport over HTTP/2 to every server behind the address, one connection for each. It connects on the first call,
 * reconnects by itself, and makes read-only calls again that failed for want of a server.
 */
export function openChannel(
  address: string,
  { secured = secureChannel(), readOnly = [], waitForReadyMs = defaultWaitForReadyMs, limits }: ChannelSettings = {},
): Transport {
  const config = serviceConfigOf({ readOnly, balanced: !isOneServer(address) })
  const client = new Client(targetOf(address), secured.credentials, {
    ...channelOptions,
    ...messageOptionsOf({ ...defaultMessageLimits, ...limits }),
    'grpc.service_config': JSON.stringify(config),
  })
  const outages = watchOutages(client.getChannel(), waitForReadyMs)

  return retryLost(patient(transportOver(client, secured.close), outages), { readOnly, isOut: outages.isLasting })
}

function transportOver(client: Client, afterClose: () => void): Transport {
  return {
    one: (method, input, call) =>
      method.requestStream ? clientStream(client, method, input as Messages, call) : unary(client, method, input, call),
    many: (method, input, call) =>
      method.requestStream
        ? bidiStream(client, method, input as Messages, call)
        : serverStream(client, method, input, call),
    close() {
      client.close()
      afterClose()
    },
  }
}

function unary(client: Client, method: Method, input: unknown, call: ClientCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (error: ServiceError | null, answer?: unknown) => {
      unlink()
      if (error) reject(failureOf(error))
      else resolve(answer)
    }
    const { metadata, deadline } = call
    const unlink = link(call, client.makeUnaryRequest(...codecOf(method), input, metadata, { deadline }, settle))
  })
}

function clientStream(client: Client, method: Method, input: Messages, call: ClientCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const over = new AbortController()
    const settle = (error: ServiceError | null, answer?: unknown) => {
      over.abort()
      unlink()
      if (error) reject(failureOf(error))
      else resolve(answer)
    }
    const { metadata, deadline } = call
    const stream = client.makeClientStreamRequest(...codecOf(method), metadata, { deadline }, settle)
    const unlink = link(call, stream)

    send(input, stream, over.signal, reject)
  })
}

function serverStream(client: Client, method: Method, input: unknown, call: ClientCall): Messages {
  const { metadata, deadline } = call
  return receive(() => client.makeServerStreamRequest(...codecOf(method), input, metadata, { deadline }), call)
}

async function* bidiStream(client: Client, method: Method, input: Messages, call: ClientCall) {
  const over = new AbortController()
  let ownFailure: { error: unknown } | undefined
  const start = () => {
    const stream = client.makeBidiStreamRequest(...codecOf(method), call.metadata, { deadline: call.deadline })
    send(input, stream, over.signal, (error) => {
      ownFailure = { error }
    })
    return stream
  }

  try {
    yield* receive(start, call)
  } catch (error) {
    throw ownFailure ? ownFailure.error : error
  } finally {
    over.abort()
  }
}

function codecOf({ path, requestSerialize, responseDeserialize }: Method) {
  return [path, requestSerialize, responseDeserialize] as const
}

/** Sends the caller's messages until the call is over. Where their source fails, `onFailure` learns why and the call is cancelled. */
function send(
  input: Messages,
  call: Cancellable & Writable,
  over: AbortSignal,
  onFailure: (error: unknown) => void,
): void {
  writeAll(input, call, over).then(
    () => call.end(),
    (error) => {
      onFailure(error)
      call.cancel()
    },
  )
}

async function* receive(start: () => ClientReadableStream<unknown>, call: ClientCall): Messages {
  const stream = start()
  // Who breaks off early cancels, and grpc-js reports that as an error to a stream that nobody reads any more.
  stream.on('error', () => {})
  const unlink = link(call, stream)
  try {
    yield* stream
  } catch (error) {
    throw failureOf(error as ServiceError)
  } finally {
    unlink()
    stream.cancel()
  }
}

/** Cancels a call of grpc-js with ours, and tells ours what comes back besides answers. Undone by what it returns. */
function link({ signal, onHeader, onTrailer }: ClientCall, call: Cancellable & EventEmitter): () => void {
  if (onHeader) call.on('metadata', onHeader)
  if (onTrailer) call.on('status', ({ metadata }: StatusObject) => onTrailer(metadata))

  const cancel = () => call.cancel()
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel)
  return () => signal?.removeEventListener('abort', cancel)
}
