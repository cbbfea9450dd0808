import type { Metadata } from '@grpc/grpc-js'
import { currentCall } from './call.ts'
import type { Interceptor } from './interceptor.ts'

/** A call that a client makes, as its interceptors see it. */
export interface ClientCall {
  /** The method's path: `/package.Service/Method`. */
  readonly path: string
  /** The metadata of the request. */
  readonly metadata: Metadata
  /** When the call ends at the latest, in milliseconds since 1970. */
  deadline: number
  /** Cancels the call. */
  signal: AbortSignal | undefined
  /** Called with the metadata that comes before the first response. */
  onHeader?: ((header: Metadata) => void) | undefined
  /** Called with the metadata that comes with the status. */
  onTrailer?: ((trailer: Metadata) => void) | undefined
}

/** A function around each call of a client. */
export type ClientInterceptor = Interceptor<ClientCall>

/** Gives a call made while handling another one no later deadline than that one's, and cancels it with that one. */
export function inheritDeadline(call: ClientCall): void {
  const parent = currentCall.getStore()
  if (!parent) return
  call.deadline = Math.min(call.deadline, parent.deadline)
  call.signal = call.signal ? AbortSignal.any([call.signal, parent.signal]) : parent.signal
}
