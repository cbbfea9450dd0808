import {
  type Attributes,
  type Context,
  context,
  ProxyTracer,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { ServedCall } from './call.ts'
import { type CallInstruments, findInstrumentsOf } from './call-instruments.ts'
import type { ClientInterceptor } from './client-call.ts'
import type { Interceptor } from './interceptor.ts'
import { metadataCarrier } from './metadata-carrier.ts'
import { RpcError, Status } from './rpc-error.ts'

const scope = '@books/rpc'

/**
 * A span and a duration for each call that a server answers, as part of the trace that the caller is in. Like its
 * counterpart it knows a call's method and end, never its messages or the text of its error. Both ask for each call whether
 * an OpenTelemetry SDK is registered, so it may be before or after the server started; without one they pass the call on.
 */
export const observeServed: Interceptor<ServedCall> = (call, next) => {
  const sdk = findSdk(findServerInstruments)
  if (!sdk) return next()

  const parent = propagation.extract(ROOT_CONTEXT, call.metadata, metadataCarrier)
  return observe(sdk, serverSide, attributesOf(call.path), parent, async () => {
    await next()
    // An answer that came after the call was over reached nobody.
    return call.failure
  })
}

/** A span and a duration for each call that a client makes to a target; the server hears which trace it is part of. */
export function observeMade(target?: string): ClientInterceptor {
  const server = serverOf(target)

  return (call, next) => {
    const sdk = findSdk(findClientInstruments)
    if (!sdk) return next()

    return observe(sdk, clientSide, { ...attributesOf(call.path), ...server }, context.active(), async () => {
      propagation.inject(context.active(), call.metadata, metadataCarrier)
      await next()
    })
  }
}

/** The trace that the running code is part of, if it is part of one. */
export function activeTraceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId
}

interface Side {
  kind: SpanKind
  /** Whether operators should see an error in the status, by the conventions for gRPC. */
  isError(status: string): boolean
}

const serverErrors = new Set(['UNKNOWN', 'DEADLINE_EXCEEDED', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS'])
const serverSide: Side = { kind: SpanKind.SERVER, isError: (status) => serverErrors.has(status) }
const clientSide: Side = { kind: SpanKind.CLIENT, isError: (status) => status !== 'OK' }

const findServerInstruments = findInstrumentsOf('server', scope)
const findClientInstruments = findInstrumentsOf('client', scope)

interface Sdk {
  tracer: Tracer | undefined
  instruments: CallInstruments | undefined
}

function findSdk(findInstruments: () => CallInstruments | undefined): Sdk | undefined {
  const tracer = findTracer()
  const instruments = findInstruments()
  return tracer || instruments ? { tracer, instruments } : undefined
}

function findTracer(): Tracer | undefined {
  const tracer = trace.getTracer(scope)
  // What the API gives out while no SDK is registered.
  return tracer instanceof ProxyTracer ? undefined : tracer
}

async function observe(
  { tracer, instruments }: Sdk,
  { kind, isError }: Side,
  attributes: Attributes,
  parent: Context,
  run: () => Promise<RpcError | undefined | void>,
): Promise<void> {
  const span = tracer?.startSpan(String(attributes['rpc.method']), { kind, attributes }, parent)
  const active = span ? trace.setSpan(parent, span) : parent
  const startMs = performance.now()
  instruments?.active.add(1, attributes)

  const end = (error?: unknown) => {
    const status = statusNameOf(error)
    const outcome: Attributes = { 'rpc.status_code': status }
    if (isError(status)) outcome['error.type'] = error instanceof RpcError ? status : typeNameOf(error)

    instruments?.active.add(-1, attributes)
    instruments?.duration.record((performance.now() - startMs) / 1000, { ...attributes, ...outcome }, active)
    span?.setAttributes(outcome)
    if (isError(status)) span?.setStatus({ code: SpanStatusCode.ERROR })
    span?.end()
  }

  try {
    end(await context.with(active, run))
  } catch (error) {
    end(error)
    throw error
  }
}

function attributesOf(path: string): Attributes {
  return { 'rpc.system.name': 'grpc', 'rpc.method': path.slice(1) }
}

/** What the conventions say of a target: its host and port where it has one of each, otherwise all of it. */
function serverOf(target: string | undefined): Attributes {
  if (!target) return {}
  const [, ipv6, name, port] = /^(?:dns:(?:\/\/[^/]*\/)?)?(?:\[(.+)\]|([^:/,]+)):(\d+)$/.exec(target) ?? []
  return port ? { 'server.address': ipv6 ?? name, 'server.port': Number(port) } : { 'server.address': target }
}

function statusNameOf(error: unknown): string {
  if (error === undefined) return 'OK'
  return error instanceof RpcError ? (Status[error.code] ?? String(error.code)) : 'UNKNOWN'
}

// What is thrown without being a status: the failure of a stream that the caller itself sends.
function typeNameOf(error: unknown): string {
  return error instanceof Error ? error.name : '_OTHER'
}
