import { Metadata } from '@grpc/grpc-js'
import type { Call, Peer } from './call.ts'
import { maxTimerMs } from './max-timer.ts'
import { RpcError, Status } from './rpc-error.ts'

/** What a server knows of a call when it begins. */
export interface ServerCallStart {
  path: string
  deadline: number
  metadata: Metadata
  /** Called at most once, and only when `call.peer` is read. */
  peer: () => Peer
}

/** A call that a server handles. Most handlers use little of it, so its parts are created on first use. */
export class ServerCall implements Call {
  readonly path: string
  readonly deadline: number
  readonly metadata: Metadata
  /** Sends the status of an aborted call at once, without waiting for the handler. */
  onAbort: ((failure: RpcError) => void) | undefined
  #header: Metadata | undefined
  #trailer: Metadata | undefined
  #peer: Peer | undefined
  readonly #findPeer: () => Peer
  #controller: AbortController | undefined
  #failure: RpcError | undefined
  #timer: NodeJS.Timeout | undefined
  #hasEnded = false

  constructor({ path, deadline, metadata, peer }: ServerCallStart) {
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

  /** Why the call was aborted; undefined unless it was. */
  get failure(): RpcError | undefined {
    return this.#failure
  }

  /** The metadata to send with the response, as far as a handler or an interceptor set any. */
  get responseMetadata(): { header: Metadata | undefined; trailer: Metadata | undefined } {
    return { header: this.#header, trailer: this.#trailer }
  }

  /** Marks the response as sent: what happens to the connection after that is no cancellation. */
  end(): void {
    this.#hasEnded = true
    clearTimeout(this.#timer)
  }

  /** Aborts the call at its deadline. */
  startDeadlineTimer(): void {
    const delayMs = Math.min(this.deadline - Date.now(), maxTimerMs)
    this.#timer = setTimeout(() => this.abort(deadlineExceeded()), delayMs)
  }

  /** Fails the call before its response is sent. */
  abort(failure: RpcError): void {
    if (this.#hasEnded || this.#failure) return
    this.#failure = failure
    this.#controller?.abort(failure)
    this.onAbort?.(failure)
  }

  /** Aborts the call because its caller cancelled or disconnected, or because its deadline passed. */
  cancel(): void {
    // Most calls come here after their normal end, and creating an Error is slow.
    if (this.#hasEnded) return
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
