import { AsyncLocalStorage } from 'node:async_hooks'
import { Metadata } from '@grpc/grpc-js'
import { RpcError, Status } from './rpc-error.ts'

/** Who calls, as far as the connection tells. */
export interface Peer {
  /** Where the caller connected from, `host:port`; empty in process. */
  address: string
  /** The names in the caller's verified certificate (its subject alternative names); empty without one. */
  names: readonly string[]
}

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
  /** What goes back before the first answer; set it before then. */
  readonly header: Metadata
  /** What goes back with the status. */
  readonly trailer: Metadata
  readonly peer: Peer
}

/** What a served call is made from. */
export interface ServedCallStart {
  path: string
  deadline: number
  metadata: Metadata
  /** Asked at most once, and only where somebody wants to know. */
  peer: () => Peer
}

/** A call while it is being answered. Most handlers never look at most of it, so that is made on first use. */
export class ServedCall implements Call {
  readonly path: string
  readonly deadline: number
  readonly metadata: Metadata
  /** Tells the caller at once that the call is over, without waiting for the handler. */
  onAbort: ((failure: RpcError) => void) | undefined
  #header: Metadata | undefined
  #trailer: Metadata | undefined
  #peer: Peer | undefined
  readonly #findPeer: () => Peer
  #controller: AbortController | undefined
  #failure: RpcError | undefined
  #timer: NodeJS.Timeout | undefined
  #ended = false

  constructor({ path, deadline, metadata, peer }: ServedCallStart) {
    this.path = path
    this.deadline = deadline
    this.metadata = metadata
    this.#findPeer = peer
  }

  get header(): Metadata {
    this.#header ??= new Metadata()
    return this.#header
  }

  get trailer(): Metadata {
    this.#trailer ??= new Metadata()
    return this.#trailer
  }

  get peer(): Peer {
    this.#peer ??= this.#findPeer()
    return this.#peer
  }

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

  /** What to send back, where somebody has set it. */
  get sent(): { header: Metadata | undefined; trailer: Metadata | undefined } {
    return { header: this.#header, trailer: this.#trailer }
  }

  /** The answer is out: whatever happens to the connection now is no cancellation. */
  end(): void {
    this.#ended = true
    clearTimeout(this.#timer)
  }

  /** Keeps the time where nobody else does: aborts at the deadline. */
  keepTime(): void {
    this.#timer = setTimeout(() => this.abort(deadlineExceeded()), this.deadline - Date.now())
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
    // The end of most calls comes by here, and an error is dear to make.
    if (this.#ended) return
    this.abort(
      Date.now() >= this.deadline
        ? deadlineExceeded()
        : new RpcError(Status.CANCELLED, 'The caller cancelled the call'),
    )
  }
}

function deadlineExceeded(): RpcError {
  return new RpcError(Status.DEADLINE_EXCEEDED, 'Deadline exceeded')
}

/** The call that the running code is part of: what a call made from here inherits. */
export const servedCall = new AsyncLocalStorage<Call>()
