import { AsyncLocalStorage } from 'node:async_hooks'
import type { Metadata } from '@grpc/grpc-js'
import { RpcError, Status } from './rpc-error.ts'

/** What a handler knows about the call it answers. */
export interface Call {
  /** The method's path: `/package.Service/Method`. */
  readonly path: string
  /** When the caller stops waiting, in milliseconds since 1970; Infinity if the caller did not say. */
  readonly deadline: number
  /** Aborts when the caller goes away or the deadline passes, never after a normal end. The reason is an `RpcError`. */
  readonly signal: AbortSignal
  /** What the caller sent along. */
  readonly metadata: Metadata
}

/** A call while it is being answered. */
export class ServedCall implements Call {
  readonly path: string
  readonly deadline: number
  readonly metadata: Metadata
  /** Tells the caller at once that the call is over, without waiting for the handler. */
  onAbort: ((failure: RpcError) => void) | undefined
  #controller: AbortController | undefined
  #failure: RpcError | undefined
  #ended = false

  constructor({ path, deadline, metadata }: Pick<Call, 'path' | 'deadline' | 'metadata'>) {
    this.path = path
    this.deadline = deadline
    this.metadata = metadata
  }

  // Made on first use: most handlers never look at it.
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#failure) this.#controller.abort(this.#failure)
    }
    return this.#controller.signal
  }

  /** Why nobody waits for the answer any more, or undefined while somebody does. */
  get failure(): RpcError | undefined {
    return this.#failure
  }

  /** The answer is out: whatever happens to the connection now is no cancellation. */
  end(): void {
    this.#ended = true
  }

  /** Ends the call before its answer is out. */
  abort(failure: RpcError): void {
    if (this.#ended || this.#failure) return
    this.#failure = failure
    this.#controller?.abort(failure)
    this.onAbort?.(failure)
  }

  /** Aborts because the caller went away, or because its deadline passed. */
  cancel(): void {
    this.abort(
      Date.now() >= this.deadline
        ? new RpcError(Status.DEADLINE_EXCEEDED, 'Deadline exceeded')
        : new RpcError(Status.CANCELLED, 'The caller cancelled the call'),
    )
  }
}

/** The call that the running code is part of: what a call made from here inherits. */
export const servedCall = new AsyncLocalStorage<Call>()
