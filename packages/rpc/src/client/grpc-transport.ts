import type { EventEmitter } from 'node:events'
import type { Writable } from 'node:stream'
import type { Client, ClientReadableStream, ServiceError, StatusObject } from '@grpc/grpc-js'
import type { ClientCall } from '../call/client-call.ts'
import type { Method } from '../call/service.ts'
import { writeAll } from '../call/write-all.ts'
import { rpcErrorOf } from './call-failure.ts'
import type { Transport } from './transport.ts'

type Messages = AsyncIterable<unknown>
type Cancellable = { cancel(): void }

/** A transport over a client of grpc-js. */
export function createGrpcTransport(client: Client): Transport {
  return {
    unary: (method, input, call) =>
      method.requestStream ? clientStream(client, method, input as Messages, call) : unary(client, method, input, call),
    stream: (method, input, call) =>
      method.requestStream
        ? bidiStream(client, method, input as Messages, call)
        : serverStream(client, method, input, call),
    close: () => client.close(),
  }
}

function unary(client: Client, method: Method, input: unknown, call: ClientCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (error: ServiceError | null, response?: unknown) => {
      unlink()
      if (error) reject(rpcErrorOf(error))
      else resolve(response)
    }
    const { metadata, deadline } = call
    const unlink = link(call, client.makeUnaryRequest(...codecOf(method), input, metadata, { deadline }, settle))
  })
}

function clientStream(client: Client, method: Method, input: Messages, call: ClientCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = new AbortController()
    const settle = (error: ServiceError | null, response?: unknown) => {
      ended.abort()
      unlink()
      if (error) reject(rpcErrorOf(error))
      else resolve(response)
    }
    const { metadata, deadline } = call
    const stream = client.makeClientStreamRequest(...codecOf(method), metadata, { deadline }, settle)
    const unlink = link(call, stream)

    send(input, stream, ended.signal, reject)
  })
}

function serverStream(client: Client, method: Method, input: unknown, call: ClientCall): Messages {
  const { metadata, deadline } = call
  return receive(() => client.makeServerStreamRequest(...codecOf(method), input, metadata, { deadline }), call)
}

async function* bidiStream(client: Client, method: Method, input: Messages, call: ClientCall) {
  const ended = new AbortController()
  let inputFailure: { error: unknown } | undefined
  const start = () => {
    const stream = client.makeBidiStreamRequest(...codecOf(method), call.metadata, { deadline: call.deadline })
    send(input, stream, ended.signal, (error) => {
      inputFailure = { error }
    })
    return stream
  }

  try {
    yield* receive(start, call)
  } catch (error) {
    throw inputFailure ? inputFailure.error : error
  } finally {
    ended.abort()
  }
}

function codecOf({ path, requestSerialize, responseDeserialize }: Method) {
  return [path, requestSerialize, responseDeserialize] as const
}

/** Sends the caller's messages until the call has ended. Where reading them fails, calls `onFailure` and cancels the call. */
function send(
  input: Messages,
  call: Cancellable & Writable,
  ended: AbortSignal,
  onFailure: (error: unknown) => void,
): void {
  writeAll(input, call, ended).then(
    () => call.end(),
    (error) => {
      onFailure(error)
      call.cancel()
    },
  )
}

async function* receive(start: () => ClientReadableStream<unknown>, call: ClientCall): Messages {
  const stream = start()
  // A reader that stops early cancels the call, which grpc-js reports as an error of a stream without a reader.
  stream.on('error', () => {})
  const unlink = link(call, stream)
  try {
    yield* stream
  } catch (error) {
    throw rpcErrorOf(error as ServiceError)
  } finally {
    unlink()
    stream.cancel()
  }
}

/** Cancels the call of grpc-js by the signal of ours, and passes on its metadata. Returns a function that undoes the former. */
function link({ signal, onHeader, onTrailer }: ClientCall, call: Cancellable & EventEmitter): () => void {
  if (onHeader) call.on('metadata', onHeader)
  if (onTrailer) call.on('status', ({ metadata }: StatusObject) => onTrailer(metadata))

  const cancel = () => call.cancel()
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel)
  return () => signal?.removeEventListener('abort', cancel)
}
