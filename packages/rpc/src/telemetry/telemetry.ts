import {
  type Attributes,
  type Context,
  context,
  type Histogram,
  ProxyTracer,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { ServedCall } from '../call/call.ts'
import type { Interceptor } from '../call/interceptor.ts'
import { RpcError, Status } from '../call/rpc-error.ts'
import type { ClientInterceptor } from '../client/client-call.ts'
import { createCallInstruments, type MethodCalls } from './call-instruments.ts'
import { metadataCarrier } from './metadata-carrier.ts'

const scope = '@books/rpc'
const served = createCallInstruments('server', scope)
const made = createCallInstruments('client', scope)

/**
 * A span and a duration for each call that a server answers, as part of the trace that its caller is in. Like its
 * counterpart it knows a call's method and end, never its messages or the text of its error. Both ask at each call whether
 * an OpenTelemetry SDK is registered, so it may be before or after the server started; without one they pass the call on.
 */
export const observeServed: Interceptor<ServedCall> = (call, next) => {
  const tracer = findTracer()
  const duration = served.findDuration()
  if (!tracer && !duration) return next()

  return observe({
    side: serverSide,
    calls: served.callsOf(call.path),
    tracer,
    duration,
    parent: propagation.extract(ROOT_CONTEXT, call.metadata, metadataCarrier),
    run: (active) => context.with(active, next),
    // An answer that came after the call was over reached nobody.
    findFailure: () => call.failure,
  })
}

/** A span and a duration for each call that a client makes to a target; the server hears which trace it is part of. */
export function observeMade(target?: string): ClientInterceptor {
  return (call, next) => {
    const tracer = findTracer()
    const duration = made.findDuration()
    if (!tracer && !duration) return next()

    return observe({
      side: clientSide,
      calls: made.callsOf(call.path, target),
      tracer,
      duration,
      parent: context.active(),
      run(active) {
        propagation.inject(active, call.metadata, metadataCarrier)
        return next()
      },
      findFailure: () => undefined,
    })
  }
}

/** The trace that the running code is part of, if it is part of one. */
export function activeTraceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId
}

interface Side {
  kind: SpanKind
  /** Whether the status is an error in the eyes of this side, by the conventions for gRPC. */
  isError(status: string): boolean
}

const serverErrors = new Set(['UNKNOWN', 'DEADLINE_EXCEEDED', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS'])
const serverSide: Side = { kind: SpanKind.SERVER, isError: (status) => serverErrors.has(status) }
const clientSide: Side = { kind: SpanKind.CLIENT, isError: (status) => status !== 'OK' }

function findTracer(): Tracer | undefined {
  const tracer = trace.getTracer(scope)
  // What the API gives out while no SDK is registered.
  return tracer instanceof ProxyTracer ? undefined : tracer
}

interface Observed {
  side: Side
  calls: MethodCalls
  tracer: Tracer | undefined
  duration: Histogram | undefined
  parent: Context
  /** Runs the call, whose span is the innermost of the context. */
  run: (active: Context) => Promise<void>
  /** Why a call failed that ran to its end. */
  findFailure: () => RpcError | undefined
}

async function observe({ side, calls, tracer, duration, parent, run, findFailure }: Observed): Promise<void> {
  const { attributes } = calls
  const span = tracer?.startSpan(String(attributes['rpc.method']), { kind: side.kind, attributes }, parent)
  const active = span ? trace.setSpan(parent, span) : parent
  const startMs = performance.now()
  calls.active++

  const end = (error: unknown) => {
    calls.active--
    const status = statusNameOf(error)
    const isError = side.isError(status)
    const outcome: Attributes = { 'rpc.status_code': status }
    if (isError) outcome['error.type'] = error instanceof RpcError ? status : typeNameOf(error)

    duration?.record((performance.now() - startMs) / 1000, { ...attributes, ...outcome }, active)
    if (isError) span?.setStatus({ code: SpanStatusCode.ERROR })
    span?.setAttributes(outcome).end()
  }

  try {
    await run(active)
  } catch (error) {
    end(error)
    throw error
  }
  end(findFailure())
}

function statusNameOf(error: unknown): string {
  if (error === undefined) return 'OK'
  return error instanceof RpcError ? (Status[error.code] ?? String(error.code)) : 'UNKNOWN'
}

// What is thrown without being a status: above all the failure of a stream that the caller itself sends.
function typeNameOf(error: unknown): string {
  return error instanceof Error ? error.name : '_OTHER'
}
