/** A piece of work that a process told of. */
export interface Span {
  traceId: string
  spanId: string
  /** The span that it is part of. Empty for the first one of a trace. */
  parentId: string
  service: string
  name: string
  /** Whether it waits for somebody else: another service, or the database. */
  isCall: boolean
  /** Whether it answers a browser. */
  isRequest: boolean
  isError: boolean
  /** The status of an answer, by HTTP or gRPC. */
  outcome: string
  startMs: number
  durationMs: number
}

/**
 * Reads the spans in a line that the collector wrote: OTLP as JSON. Lines of its log that are something else have none.
 * Times are milliseconds since 1970.
 */
export function readSpans(line: string): Span[] {
  const { resourceSpans = [] } = readMessage(line)
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const service = String(valueOf(resource?.attributes, 'service.name') ?? '')
    return scopeSpans.flatMap(({ spans = [] }) => spans.map((span) => spanOf(service, span)))
  })
}

// What of OTLP is read here; see opentelemetry-proto, trace.proto.
interface Message {
  resourceSpans?: { resource?: { attributes?: Attribute[] }; scopeSpans?: { spans?: RawSpan[] }[] }[]
}

interface RawSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind?: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes?: Attribute[]
  status?: { code?: number }
}

interface Attribute {
  key: string
  value: { stringValue?: string; intValue?: string | number }
}

const server = 2
const client = 3
const failed = 2

function readMessage(line: string): Message {
  if (!line.startsWith('{"resourceSpans"')) return {}
  return JSON.parse(line)
}

function spanOf(service: string, raw: RawSpan): Span {
  const { traceId, spanId, parentSpanId = '', name, kind, attributes, status } = raw
  const [start, end] = [BigInt(raw.startTimeUnixNano), BigInt(raw.endTimeUnixNano)]
  const outcome = ['http.response.status_code', 'rpc.status_code', 'db.response.status_code']
    .map((key) => valueOf(attributes, key))
    .find((value) => value !== undefined)
  return {
    ...{ traceId, spanId, parentId: parentSpanId, service, name },
    isCall: kind === client,
    isRequest: kind === server && valueOf(attributes, 'http.request.method') !== undefined,
    isError: status?.code === failed,
    outcome: String(outcome ?? ''),
    startMs: millisOf(start),
    durationMs: millisOf(end - start),
  }
}

function valueOf(attributes: Attribute[] | undefined, key: string): string | number | undefined {
  const value = attributes?.find((attribute) => attribute.key === key)?.value
  return value?.stringValue ?? value?.intValue
}

// To the microsecond: as a number, nanoseconds since 1970 would not be exact.
function millisOf(nanos: bigint): number {
  return Number(nanos / 1_000n) / 1_000
}
