import type { Writable } from 'node:stream'
import { Client, type ClientReadableStream, credentials, type ServiceError } from '@grpc/grpc-js'
import type { Method } from './service.ts'
import { errorOf } from './status.ts'
import type { Outgoing, Transport } from './transport.ts'
import { writeAll } from './write-all.ts'

// A server that comes back is found within seconds; by default the pause between attempts grows to two minutes.
const channelOptions = { 'grpc.initial_reconnect_backoff_ms': 250, 'grpc.max_reconnect_backoff_ms': 5_000 }

type Messages = AsyncIterable<unknown>
type Cancellable = { cancel(): void }

/** A transport over one HTTP/2 connection to `host:port`. It connects on the first call and reconnects by itself. */
export function openChannel(address: string): Transport {
  const client = new Client(address, credentials.createInsecure(), channelOptions)

  return {
    one: (method, input, outgoing) =>
      method.requestStream
        ? clientStream(client, method, input as Messages, outgoing)
        : unary(client, method, input, outgoing),
    many: (method, input, outgoing) =>
      method.requestStream
        ? bidiStream(client, method, input as Messages, outgoing)
        : serverStream(client, method, input, outgoing),
    close: () => client.close(),
  }
}

function unary(
  client: Client,
  method: Method,
  input: unknown,
  { metadata, deadline, signal }: Outgoing,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (error: ServiceError | null, answer?: unknown) => {
      unlink()
      if (error) reject(errorOf(error))
      else resolve(answer)
    }
    const call = client.makeUnaryRequest(...codecOf(method), input, metadata, { deadline }, settle)
    const unlink = cancelOn(signal, call)
  })
}

function clientStream(client: Client, method: Method, input: Messages, { metadata, deadline, signal }: Outgoing) {
  return new Promise<unknown>((resolve, reject) => {
    const over = new AbortController()
    const settle = (error: ServiceError | null, answer?: unknown) => {
      over.abort()
      unlink()
      if (error) reject(errorOf(error))
      else resolve(answer)
    }
    const call = client.makeClientStreamRequest(...codecOf(method), metadata, { deadline }, settle)
    const unlink = cancelOn(signal, call)

    send(input, call, over.signal, reject)
  })
}

function serverStream(
  client: Client,
  method: Method,
  input: unknown,
  { metadata, deadline, signal }: Outgoing,
): Messages {
  return receive(() => client.makeServerStreamRequest(...codecOf(method), input, metadata, { deadline }), signal)
}

async function* bidiStream(client: Client, method: Method, input: Messages, { metadata, deadline, signal }: Outgoing) {
  const over = new AbortController()
  let ownFailure: { error: unknown } | undefined
  const start = () => {
    const call = client.makeBidiStreamRequest(...codecOf(method), metadata, { deadline })
    send(input, call, over.signal, (error) => {
      ownFailure = { error }
    })
    return call
  }

  try {
    yield* receive(start, signal)
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

async function* receive(start: () => ClientReadableStream<unknown>, signal: AbortSignal | undefined): Messages {
  const call = start()
  // Who breaks off early cancels, and grpc-js reports that as an error to a stream that nobody reads any more.
  call.on('error', () => {})
  const unlink = cancelOn(signal, call)
  try {
    yield* call
  } catch (error) {
    throw errorOf(error as ServiceError)
  } finally {
    unlink()
    call.cancel()
  }
}

function cancelOn(signal: AbortSignal | undefined, call: Cancellable): () => void {
  const cancel = () => call.cancel()
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel)
  return () => signal?.removeEventListener('abort', cancel)
}
