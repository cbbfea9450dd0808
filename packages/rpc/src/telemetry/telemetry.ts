import { context, ProxyTracer, propagation, ROOT_CONTEXT, SpanKind, type Tracer, trace } from '@opentelemetry/api'
import type { ClientCall } from '../call/client-call.ts'
import type { Wrapper } from '../call/interceptor.ts'
import type { ServerCall } from '../call/server-call.ts'
import { createCallInstruments } from './call-instruments.ts'
import { CallObservation, type Side } from './call-observation.ts'
import { metadataCarrier } from './metadata-carrier.ts'

const scope = '@books/rpc'
const serverInstruments = createCallInstruments('server', scope)
const clientInstruments = createCallInstruments('client', scope)

const serverErrors = new Set(['UNKNOWN', 'DEADLINE_EXCEEDED', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS'])
const serverSide: Side = { kind: SpanKind.SERVER, isError: (status) => serverErrors.has(status) }
const clientSide: Side = { kind: SpanKind.CLIENT, isError: (status) => status !== 'OK' }

/**
 * Records a span and a duration for a call that a server handles, as part of its caller's trace. It records the method
 * and the status of a call, never its messages or the text of its error. It looks for an OpenTelemetry SDK at each call, so
 * one may be registered before or after the server starts; undefined without one.
 */
export function observeServerCall({ path, metadata }: ServerCall): CallObservation | undefined {
  const tracer = findTracer()
  const duration = serverInstruments.findDuration()
  if (!tracer && !duration) return undefined

  const calls = serverInstruments.callsOf(path)
  const parent = propagation.extract(ROOT_CONTEXT, metadata, metadataCarrier)
  return new CallObservation({ side: serverSide, calls, tracer, duration }, parent)
}

/** The same for each call of a client to a target; the metadata of the call carries its trace to the server. */
export function observeClientCalls(target?: string): Wrapper<ClientCall> {
  return (call, next) => {
    const tracer = findTracer()
    const duration = clientInstruments.findDuration()
    if (!tracer && !duration) return next()

    const calls = clientInstruments.callsOf(call.path, target)
    const observation = new CallObservation({ side: clientSide, calls, tracer, duration }, context.active())
    propagation.inject(observation.context, call.metadata, metadataCarrier)
    return untilEnd(observation, next)
  }
}

/** The id of the trace that the running code is part of, if any. */
export function activeTraceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId
}

async function untilEnd<Result>(observation: CallObservation, run: () => Promise<Result>): Promise<Result> {
  let result: Result
  try {
    result = await run()
  } catch (error) {
    observation.end(error)
    throw error
  }
  observation.end(undefined)
  return result
}

function findTracer(): Tracer | undefined {
  const tracer = trace.getTracer(scope)
  // The API returns a proxy while no SDK is registered.
  return tracer instanceof ProxyTracer ? undefined : tracer
}
