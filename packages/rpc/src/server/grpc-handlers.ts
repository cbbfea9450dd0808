import type { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  Metadata,
  ServerUnaryCall,
  sendUnaryData,
  UntypedHandleCall,
} from '@grpc/grpc-js'
import { ServedCall } from '../call/call.ts'
import { answerMany, answerOne, type Surroundings } from '../call/handler-pipeline.ts'
import type { RpcError } from '../call/rpc-error.ts'
import { requireReadable } from '../call/safe-deserialize.ts'
import type { Route } from '../call/service.ts'
import { statusOf } from '../call/status.ts'
import { writeAll } from '../call/write-all.ts'
import type { UntakenAnswers } from '../connections/stalled-responses.ts'
import { peerNamesOf } from '../tls/peer-names.ts'

/** What the handlers of a server share. */
export interface Serving {
  surroundings: Surroundings
  /** The calls that are not answered yet. */
  running: Set<ServedCall>
  /** The answers that are given and not taken yet. */
  untaken: UntakenAnswers
  /** The longest a call may take, in milliseconds, whatever its caller allows. */
  maxDeadlineMs: number
}

/** The function that grpc-js calls for a method, made from the route that answers it. */
export function grpcHandler(route: Route, serving: Serving): UntypedHandleCall {
  const { surroundings } = serving
  const { requestStream, responseStream } = route.method

  const unary: handleUnaryCall<unknown, unknown> = (call, callback) => {
    const served = open(call, serving)
    void respond(answerOne(route, call.request, served, surroundings), call, callback, served, serving)
  }
  const clientStream: handleClientStreamingCall<unknown, unknown> = (call, callback) => {
    const served = open(call, serving)
    void respond(answerOne(route, messagesOf(call, served), served, surroundings), call, callback, served, serving)
  }
  const serverStream: handleServerStreamingCall<unknown, unknown> = (call) => {
    const served = open(call, serving)
    void pump(answerMany(route, call.request, served, surroundings), call, served, serving)
  }
  const bidiStream: handleBidiStreamingCall<unknown, unknown> = (call) => {
    const served = open(call, serving)
    void pump(answerMany(route, messagesOf(call, served), served, surroundings), call, served, serving)
  }

  if (responseStream) return requestStream ? bidiStream : serverStream
  return requestStream ? clientStream : unary
}

type GrpcCall = Pick<
  ServerUnaryCall<unknown, unknown>,
  'getPath' | 'getDeadline' | 'getPeer' | 'getAuthContext' | 'metadata' | 'sendMetadata' | 'cancelled'
> &
  EventEmitter
type GrpcStream = GrpcCall & Writable & { end(trailer?: Metadata): void }

function open(call: GrpcCall, { running, untaken, maxDeadlineMs }: Serving): ServedCall {
  const asked = Number(call.getDeadline())
  const allowed = Date.now() + maxDeadlineMs
  const served = new ServedCall({
    path: call.getPath(),
    deadline: Math.min(asked, allowed),
    metadata: call.metadata,
    peer: () => ({ address: call.getPeer(), names: peerNamesOf(call) }),
  })
  // grpc-js itself ends a call at its caller's deadline.
  if (allowed < asked) served.keepTime()
  running.add(served)
  // grpc-js emits this after a normal end, too, once the answer is taken; a served call that has ended ignores it.
  call.on('cancelled', () => {
    untaken.delete(call)
    served.cancel()
  })
  return served
}

function close(call: GrpcCall, served: ServedCall, { running, untaken }: Serving): void {
  served.end()
  running.delete(served)
  untaken.add(call)
}

async function respond(
  answer: Promise<unknown>,
  call: GrpcCall,
  callback: sendUnaryData<unknown>,
  served: ServedCall,
  serving: Serving,
) {
  const fail = (error: RpcError) => {
    sendHeader(call, served)
    callback(statusOf(error, served.sent.trailer))
    serving.untaken.add(call)
  }
  served.onAbort = fail
  try {
    const response = await answer
    if (served.failure) return
    sendHeader(call, served)
    callback(null, response, served.sent.trailer)
  } catch (error) {
    if (!served.failure) fail(error as RpcError)
  } finally {
    close(call, served, serving)
  }
}

async function pump(answers: AsyncIterable<unknown>, call: GrpcStream, served: ServedCall, serving: Serving) {
  const fail = (error: RpcError) => {
    sendHeader(call, served)
    // What was written before goes out first: grpc-js turns this event into the status that ends the stream.
    call.emit('error', statusOf(error, served.sent.trailer))
    serving.untaken.add(call)
  }
  served.onAbort = fail
  try {
    await writeAll(answers, call, served.signal, {
      beforeFirst: () => sendHeader(call, served),
      onFull: () => serving.untaken.add(call),
      onDrained: () => serving.untaken.delete(call),
    })
    if (served.failure) return
    sendHeader(call, served)
    call.end(served.sent.trailer)
  } catch (error) {
    if (!served.failure) fail(error as RpcError)
  } finally {
    close(call, served, serving)
  }
}

function sendHeader(call: GrpcCall | GrpcStream, { sent: { header } }: ServedCall): void {
  if (header) call.sendMetadata(header)
}

/**
 * The messages that the caller streams. A handler may stop reading early and answer still. A caller on Node that breaks
 * off ends its stream first, as `node:http2` does, so the end of one is no promise that this was all.
 */
async function* messagesOf(call: Readable, served: ServedCall) {
  try {
    for await (const message of call.iterator({ destroyOnReturn: false })) yield requireReadable(message)
  } catch (error) {
    throw served.failure ?? error
  }
}
