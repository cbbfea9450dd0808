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
import { maxTimerMs } from '../call/max-timer.ts'
import type { Registry } from '../call/registry.ts'
import { RpcError, Status } from '../call/rpc-error.ts'
import { ServerCall } from '../call/server-call.ts'
import type { Route } from '../call/service.ts'
import { statusOf } from '../call/status.ts'
import { writeAll } from '../call/write-all.ts'
import type { StalledResponses } from '../connections/stalled-responses.ts'
import type { UnfinishedRequests } from '../connections/unfinished-requests.ts'
import { peerOf } from '../tls/peer.ts'
import { type HandlerPipeline, handleStream, handleUnary } from './handler-pipeline.ts'
import { requireDeserialized } from './safe-deserialize.ts'

/** What the handlers of a server share. */
export interface HandlerContext {
  pipeline: HandlerPipeline
  /** The calls whose response is not sent yet. */
  activeCalls: Registry<ServerCall>
  stalledResponses: StalledResponses
  unfinishedRequests: UnfinishedRequests
  /** The longest that a call may take, in milliseconds, unless its method has a value of its own. */
  maxDeadlineMs: number
  /** The longest that a request stream may be idle, in milliseconds, unless its method stays open for as long as its caller likes. */
  idleRequestsMs: number
}

/** The function that grpc-js calls for each call of a method. */
export function createGrpcHandler(route: Route, context: HandlerContext): UntypedHandleCall {
  const { pipeline } = context
  const { requestStream, responseStream } = route.method
  const maxDeadlineMs = route.maxDeadlineMs ?? context.maxDeadlineMs
  const idleMs = route.maxDeadlineMs === Number.POSITIVE_INFINITY ? maxTimerMs : context.idleRequestsMs
  const begin = (call: GrpcCall) => beginCall(call, maxDeadlineMs, context)

  const unary: handleUnaryCall<unknown, unknown> = (call, callback) => {
    const serverCall = begin(call)
    void respond(handleUnary(route, call.request, serverCall, pipeline), call, callback, serverCall, context)
  }
  const clientStream: handleClientStreamingCall<unknown, unknown> = (call, callback) => {
    const serverCall = begin(call)
    const requests = readRequests(call, serverCall, idleMs)
    void respond(handleUnary(route, requests, serverCall, pipeline), call, callback, serverCall, context)
  }
  const serverStream: handleServerStreamingCall<unknown, unknown> = (call) => {
    const serverCall = begin(call)
    void stream(handleStream(route, call.request, serverCall, pipeline), call, serverCall, context)
  }
  const bidiStream: handleBidiStreamingCall<unknown, unknown> = (call) => {
    const serverCall = begin(call)
    void stream(
      handleStream(route, readRequests(call, serverCall, idleMs), serverCall, pipeline),
      call,
      serverCall,
      context,
    )
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

function beginCall(call: GrpcCall, maxDeadlineMs: number, context: HandlerContext) {
  const { activeCalls, stalledResponses, unfinishedRequests } = context
  unfinishedRequests.noteBeginning(call)
  const requested = Number(call.getDeadline())
  const latest = Date.now() + maxDeadlineMs
  const serverCall = new ServerCall({
    path: call.getPath(),
    deadline: Math.min(requested, latest),
    metadata: call.metadata,
    peer: () => peerOf(call),
  })
  // grpc-js itself ends a call at the deadline that its caller sent.
  if (latest < requested) serverCall.startDeadlineTimer()
  activeCalls.add(serverCall, undefined)
  // grpc-js emits this after a normal end, too, once the response is sent; `cancel` ignores it then.
  call.on('cancelled', () => {
    stalledResponses.delete(call)
    serverCall.cancel()
  })
  return serverCall
}

function endCall(call: GrpcCall, serverCall: ServerCall, { activeCalls, stalledResponses }: HandlerContext): void {
  serverCall.end()
  activeCalls.delete(serverCall)
  stalledResponses.add(call)
}

async function respond(
  result: Promise<unknown>,
  call: GrpcCall,
  callback: sendUnaryData<unknown>,
  serverCall: ServerCall,
  context: HandlerContext,
) {
  const fail = (error: RpcError) => {
    sendHeader(call, serverCall)
    callback(statusOf(error, serverCall.responseMetadata.trailer))
    context.stalledResponses.add(call)
  }
  serverCall.onAbort = fail
  try {
    const response = await result
    if (serverCall.failure) return
    sendHeader(call, serverCall)
    callback(null, response, serverCall.responseMetadata.trailer)
  } catch (error) {
    if (!serverCall.failure) fail(error as RpcError)
  } finally {
    endCall(call, serverCall, context)
  }
}

async function stream(
  responses: AsyncIterable<unknown>,
  call: GrpcStream,
  serverCall: ServerCall,
  context: HandlerContext,
) {
  const fail = (error: RpcError) => {
    sendHeader(call, serverCall)
    // Responses that were written before are sent first: grpc-js turns this event into the status that ends the stream.
    call.emit('error', statusOf(error, serverCall.responseMetadata.trailer))
    context.stalledResponses.add(call)
  }
  serverCall.onAbort = fail
  try {
    await writeAll(responses, call, serverCall.signal, {
      beforeFirst: () => sendHeader(call, serverCall),
      onFull: () => context.stalledResponses.add(call),
      onDrained: () => context.stalledResponses.delete(call),
    })
    if (serverCall.failure) return
    sendHeader(call, serverCall)
    call.end(serverCall.responseMetadata.trailer)
  } catch (error) {
    if (!serverCall.failure) fail(error as RpcError)
  } finally {
    endCall(call, serverCall, context)
  }
}

function sendHeader(call: GrpcCall | GrpcStream, { responseMetadata: { header } }: ServerCall): void {
  if (header) call.sendMetadata(header)
}

/**
 * The requests that the caller streams. A handler may stop reading early and still respond. A client on Node that cancels
 * ends its request stream first, as `node:http2` does, so the end of the stream does not prove that it is complete.
 */
async function* readRequests(call: Readable, serverCall: ServerCall, idleMs: number) {
  let isWaiting = true
  const endIdle = () => {
    if (isWaiting) serverCall.abort(new RpcError(Status.DEADLINE_EXCEEDED, `No request arrived within ${idleMs} ms`))
  }
  const timer = setTimeout(endIdle, idleMs).unref()
  try {
    for await (const request of call.iterator({ destroyOnReturn: false })) {
      isWaiting = false
      yield requireDeserialized(request)
      isWaiting = true
      timer.refresh()
    }
  } catch (error) {
    throw serverCall.failure ?? error
  } finally {
    clearTimeout(timer)
  }
}
