import type { EventEmitter } from 'node:events'
import type { Writable } from 'node:stream'
import type { Client, ClientReadableStream, ServiceError, StatusObject } from '@grpc/grpc-js'
import type { ClientCall } from '../call/client-call.ts'
import { maxTimerMs } from '../call/max-timer.ts'
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
    const unlink = link(
      call,
      withoutStack(() => client.makeUnaryRequest(...codecOf(method), input, call.metadata, optionsOf(call), settle)),
    )
  })
}

/** Runs a function whose errors need no stack. grpc-js creates one for each unary call in case it fails, a tenth of the call's cost. */
function withoutStack<Result>(run: () => Result): Result {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return run()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
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
    const stream = client.makeClientStreamRequest(...codecOf(method), call.metadata, optionsOf(call), settle)
    const unlink = link(call, stream)

    send(input, stream, ended.signal, reject)
  })
}

function serverStream(client: Client, method: Method, input: unknown, call: ClientCall): Messages {
  return receive(() => client.makeServerStreamRequest(...codecOf(method), input, call.metadata, optionsOf(call)), call)
}

async function* bidiStream(client: Client, method: Method, input: Messages, call: ClientCall) {
  const ended = new AbortController()
  let inputFailure: { error: unknown } | undefined
  const start = () => {
    const stream = client.makeBidiStreamRequest(...codecOf(method), call.metadata, optionsOf(call))
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

// In whole seconds, as it is sent, rounded up, where it is long.
const longestMs = Math.floor(maxTimerMs / 1_000) * 1_000

// A server with grpc-js that is not of this package ends a call with a longer deadline at once.
function optionsOf({ deadline }: ClientCall) {
  return { deadline: deadline === Number.POSITIVE_INFINITY ? deadline : Math.min(deadline, Date.now() + longestMs) }
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
