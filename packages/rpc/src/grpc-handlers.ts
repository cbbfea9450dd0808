import type { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerUnaryCall,
  sendUnaryData,
  UntypedHandleCall,
} from '@grpc/grpc-js'
import { answerMany, answerOne } from './answer.ts'
import { ServedCall } from './call.ts'
import type { Log } from './log.ts'
import type { RpcError } from './rpc-error.ts'
import type { Route } from './service.ts'
import { statusOf } from './status.ts'
import { writeAll } from './write-all.ts'

/** What all handlers of a server share: its log, and the calls that are not answered yet. */
export interface Serving {
  log: Log
  running: Set<ServedCall>
}

/** The function that grpc-js calls for a method, made from the route that answers it. */
export function grpcHandler(route: Route, serving: Serving): UntypedHandleCall {
  const { requestStream, responseStream } = route.method

  const unary: handleUnaryCall<unknown, unknown> = (call, callback) => {
    const served = open(call, serving)
    void respond(answerOne(route, call.request, served, serving.log), callback, served, serving)
  }
  const clientStream: handleClientStreamingCall<unknown, unknown> = (call, callback) => {
    const served = open(call, serving)
    void respond(answerOne(route, messagesOf(call, served), served, serving.log), callback, served, serving)
  }
  const serverStream: handleServerStreamingCall<unknown, unknown> = (call) => {
    const served = open(call, serving)
    void pump(answerMany(route, call.request, served, serving.log), call, served, serving)
  }
  const bidiStream: handleBidiStreamingCall<unknown, unknown> = (call) => {
    const served = open(call, serving)
    void pump(answerMany(route, messagesOf(call, served), served, serving.log), call, served, serving)
  }

  if (responseStream) return requestStream ? bidiStream : serverStream
  return requestStream ? clientStream : unary
}

type GrpcCall = Pick<ServerUnaryCall<unknown, unknown>, 'getPath' | 'getDeadline' | 'metadata'> & EventEmitter

function open(call: GrpcCall, { running }: Serving): ServedCall {
  const served = new ServedCall({
    path: call.getPath(),
    deadline: Number(call.getDeadline()),
    metadata: call.metadata,
  })
  running.add(served)
  // grpc-js emits this after a normal end, too; a served call that has ended ignores it.
  call.on('cancelled', () => served.cancel())
  return served
}

function close(served: ServedCall, { running }: Serving): void {
  served.end()
  running.delete(served)
}

async function respond(
  answer: Promise<unknown>,
  callback: sendUnaryData<unknown>,
  served: ServedCall,
  serving: Serving,
) {
  served.onAbort = (failure) => callback(statusOf(failure))
  try {
    const response = await answer
    if (!served.failure) callback(null, response)
  } catch (error) {
    if (!served.failure) callback(statusOf(error as RpcError))
  } finally {
    close(served, serving)
  }
}

async function pump(answers: AsyncIterable<unknown>, call: Writable, served: ServedCall, serving: Serving) {
  // What was written before goes out first: grpc-js turns this event into the status that ends the stream.
  const fail = (error: RpcError) => call.emit('error', statusOf(error))
  served.onAbort = fail
  try {
    await writeAll(answers, call, served.signal)
    if (!served.failure) call.end()
  } catch (error) {
    if (!served.failure) fail(error as RpcError)
  } finally {
    close(served, serving)
  }
}

/** The messages that the caller streams. A handler may stop reading early and answer still. */
async function* messagesOf(call: Readable, served: ServedCall) {
  try {
    yield* call.iterator({ destroyOnReturn: false })
  } catch (error) {
    throw served.failure ?? error
  }
}
