import type { Metadata } from '@grpc/grpc-js'
import { servedCall } from '../call/call.ts'
import type { Interceptor } from '../call/interceptor.ts'

/** A call that a client makes, as its interceptors see it. */
export interface ClientCall {
  /** The method's path: `/package.Service/Method`. */
  readonly path: string
  /** What to send along. */
  readonly metadata: Metadata
  /** When to stop waiting, in milliseconds since 1970. */
  deadline: number
  /** Cancels the call. */
  signal: AbortSignal | undefined
  /** Told what comes back before the first answer. */
  onHeader?: ((header: Metadata) => void) | undefined
  /** Told what comes back with the status. */
  onTrailer?: ((trailer: Metadata) => void) | undefined
}

/** A function around each call that a client makes. */
export type ClientInterceptor = Interceptor<ClientCall>

/** A call made while answering another has no longer than that one, and is cancelled with it. */
export const inheritCall: ClientInterceptor = (call, next) => {
  const parent = servedCall.getStore()
  if (parent) {
    call.deadline = Math.min(call.deadline, parent.deadline)
    call.signal = call.signal ? AbortSignal.any([call.signal, parent.signal]) : parent.signal
  }
  return next()
}
