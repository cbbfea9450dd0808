import {
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
import type { ClientCall } from '../call/client-call.ts'
import type { Wrapper } from '../call/interceptor.ts'
import { RpcError, Status } from '../call/rpc-error.ts'
import type { ServerCall } from '../call/server-call.ts'
import { createCallInstruments, type MethodCalls, outcomeOf } from './call-instruments.ts'
import { metadataCarrier } from './metadata-carrier.ts'

const scope = '@books/rpc'
const serverInstruments = createCallInstruments('server', scope)
const clientInstruments = createCallInstruments('client', scope)

/**
 * Records a span and a duration for each call that a server handles, as part of its caller's trace. It records the method
 * and the status of a call, never its messages or the text of its error. It looks for an OpenTelemetry SDK at each call, so
 * one may be registered before or after the server starts; without one it only passes the call on.
 */
export const observeServerCall: Wrapper<ServerCall> = (call, next) => {
  const tracer = findTracer()
  const duration = serverInstruments.findDuration()
  if (!tracer && !duration) return next()

  return observe({
    side: serverSide,
    calls: serverInstruments.callsOf(call.path),
    tracer,
    duration,
    parent: propagation.extract(ROOT_CONTEXT, call.metadata, metadataCarrier),
    run: (active) => context.with(active, next),
    // A handler may complete after its call was aborted, when its response is no longer sent.
    findFailure: () => call.failure,
  })
}

/** The same for each call of a client to a target; the metadata of the call carries its trace to the server. */
export function observeClientCalls(target?: string): Wrapper<ClientCall> {
  return (call, next) => {
    const tracer = findTracer()
    const duration = clientInstruments.findDuration()
    if (!tracer && !duration) return next()

    return observe({
      side: clientSide,
      calls: clientInstruments.callsOf(call.path, target),
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

/** The id of the trace that the running code is part of, if any. */
export function activeTraceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId
}

interface Side {
  kind: SpanKind
  /** Whether the status is an error on this side, by OpenTelemetry's conventions for gRPC. */
  isError(status: string): boolean
}

const serverErrors = new Set(['UNKNOWN', 'DEADLINE_EXCEEDED', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS'])
const serverSide: Side = { kind: SpanKind.SERVER, isError: (status) => serverErrors.has(status) }
const clientSide: Side = { kind: SpanKind.CLIENT, isError: (status) => status !== 'OK' }

function findTracer(): Tracer | undefined {
  const tracer = trace.getTracer(scope)
  // The API returns a proxy while no SDK is registered.
  return tracer instanceof ProxyTracer ? undefined : tracer
}

interface Observed<Result> {
  side: Side
  calls: MethodCalls
  tracer: Tracer | undefined
  duration: Histogram | undefined
  parent: Context
  /** Runs the call in a context with its span. */
  run: (active: Context) => Promise<Result>
  /** The error of a call whose `run` resolved. */
  findFailure: () => RpcError | undefined
}

async function observe<Result>(observed: Observed<Result>): Promise<Result> {
  const { side, calls, tracer, duration, parent, run, findFailure } = observed
  const { attributes } = calls
  const span = tracer?.startSpan(String(attributes['rpc.method']), side, parent)
  // Not before it is sampled: most are not, no sampler of OpenTelemetry's specification reads attributes, and the SDK would copy them.
  if (span?.isRecording()) span.setAttributes(attributes)
  const active = span ? trace.setSpan(parent, span) : parent
  const startMs = performance.now()
  calls.active++

  const end = (error: unknown) => {
    calls.active--
    const status = statusNameOf(error)
    const isError = side.isError(status)
    const ended = status === 'OK' ? calls.okAttributes : { ...attributes, ...outcomeOf(status) }
    if (isError) ended['error.type'] = error instanceof RpcError ? status : typeNameOf(error)

    duration?.record((performance.now() - startMs) / 1000, ended, active)
    // One that is not sampled only has the ids that are passed on.
    if (!span?.isRecording()) return
    if (isError) span.setStatus({ code: SpanStatusCode.ERROR })
    span.setAttributes(ended).end()
  }

  let result: Result
  try {
    result = await run(active)
  } catch (error) {
    end(error)
    throw error
  }
  end(findFailure())
  return result
}

function statusNameOf(error: unknown): string {
  if (error === undefined) return 'OK'
  return error instanceof RpcError ? (Status[error.code] ?? String(error.code)) : 'UNKNOWN'
}

// Errors that are no status are mostly those of the caller's own request stream.
function typeNameOf(error: unknown): string {
  return error instanceof Error ? error.name : '_OTHER'
}
