import {
  type Context,
  type Histogram,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { RpcError, Status } from '../call/rpc-error.ts'
import { type MethodCalls, outcomeOf } from './call-instruments.ts'

/** The side of a call that is observed. */
export interface Side {
  kind: SpanKind
  /** Whether the status is an error on this side, by OpenTelemetry's conventions for gRPC. */
  isError(status: string): boolean
}

/** What a call is observed with. */
export interface Observer {
  side: Side
  calls: MethodCalls
  tracer: Tracer | undefined
  duration: Histogram | undefined
}

/** Measures one call and records its span, from now until `end`. */
export class CallObservation {
  /** The context that the call runs in, with its span where there is one. */
  readonly context: Context
  readonly #observer: Observer
  readonly #span: Span | undefined
  readonly #startMs = performance.now()

  constructor(observer: Observer, parent: Context) {
    const { calls, side, tracer } = observer
    this.#observer = observer
    this.#span = tracer?.startSpan(calls.name, side, parent)
    // Not before it is sampled: most are not, no sampler of OpenTelemetry's specification reads attributes, and the SDK would copy them.
    if (this.#span?.isRecording()) this.#span.setAttributes(calls.attributes)
    this.context = this.#span ? trace.setSpan(parent, this.#span) : parent
    calls.active++
  }

  /** Notes the end of the call; `error` is undefined where it ended with OK. */
  end(error: unknown): void {
    const { calls, side, duration } = this.#observer
    const status = statusNameOf(error)
    const isError = side.isError(status)
    const ended = status === 'OK' ? calls.okAttributes : { ...calls.attributes, ...outcomeOf(status) }
    if (isError) ended['error.type'] = error instanceof RpcError ? status : typeNameOf(error)

    calls.active--
    duration?.record((performance.now() - this.#startMs) / 1000, ended, this.context)
    // One that is not sampled only has the ids that are passed on.
    if (!this.#span?.isRecording()) return
    if (isError) this.#span.setStatus({ code: SpanStatusCode.ERROR })
    this.#span.setAttributes(ended).end()
  }
}

function statusNameOf(error: unknown): string {
  if (error === undefined) return 'OK'
  return error instanceof RpcError ? (Status[error.code] ?? String(error.code)) : 'UNKNOWN'
}

// Errors that are no status are mostly those of the caller's own request stream.
function typeNameOf(error: unknown): string {
  return error instanceof Error ? error.name : '_OTHER'
}
