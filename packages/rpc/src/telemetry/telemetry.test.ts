import { credentials, Metadata, Server, ServerCredentials, Client as WireClient } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { serve, streamOf, type TestOptions } from '../../testing/index.ts'
import { RpcError, Status } from '../call/rpc-error.ts'
import { type Handlers, service } from '../call/service.ts'
import { TourService, tour, tourDescriptors } from '../call/tour.fixture.ts'
import { type Client, createClient } from '../client/client.ts'
import { type Recording, recordTelemetry } from './telemetry.fixture.ts'

type Tour = Handlers<typeof TourService>
type TourClient = Client<typeof TourService>
const kinds = {
  Greet: (client: TourClient) => client.greet({ name: 'Ada' }),
  Count: (client: TourClient) => Array.fromAsync(client.count({ to: 2 })),
  Sum: (client: TourClient) => client.sum(streamOf({ number: 1 }, { number: 2 })),
  Chat: (client: TourClient) => Array.fromAsync(client.chat(streamOf({ text: 'one' }, { text: 'two' }))),
}
// The statuses that are errors of a server, by the conventions.
const serverErrors = new Set(['UNKNOWN', 'DEADLINE_EXCEEDED', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS'])
const targets = [
  ['localhost:1', { 'server.address': 'localhost', 'server.port': 1 }],
  ['[::1]:1', { 'server.address': '::1', 'server.port': 1 }],
  ['dns:///localhost:1', { 'server.address': 'localhost', 'server.port': 1 }],
  ['dns://127.0.0.1/localhost:1', { 'server.address': 'localhost', 'server.port': 1 }],
  ['ipv4:127.0.0.1:1,127.0.0.2:1', { 'server.address': 'ipv4:127.0.0.1:1,127.0.0.2:1' }],
  ['unix:/nowhere', { 'server.address': 'unix:/nowhere' }],
] as const
// Those of OpenTelemetry's conventions.
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const codes = Object.values(Status).filter((code) => typeof code === 'number' && code !== Status.OK) as Status[]
const callersTrace = '0af7651916cd43dd8448eb211c80319c'
const callersSpan = 'b7ad6b7169203331'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
let recording: Recording
beforeEach(() => {
  recording = recordTelemetry()
})
afterEach(async () => {
  await opened.disposeAsync()
  await recording.stop()
})

describe('telemetry', () => {
  it.each(Object.entries(kinds))(
    "records a span on each side of %s, the server's as a child of the client's",
    async (name, call) => {
      const client = await tourClient()

      await call(client)

      const [server, caller] = [await recording.ended(SpanKind.SERVER), await recording.ended(SpanKind.CLIENT)]
      const attributes = { 'rpc.system.name': 'grpc', 'rpc.method': `test.Tour/${name}`, 'rpc.status_code': 'OK' }
      expect([server.name, caller.name]).toEqual([`test.Tour/${name}`, `test.Tour/${name}`])
      expect([server.attributes, caller.attributes]).toEqual([attributes, attributes])
      expect([server.status.code, caller.status.code]).toEqual([SpanStatusCode.UNSET, SpanStatusCode.UNSET])
      expect(server.spanContext().traceId).toBe(caller.spanContext().traceId)
      expect(server.parentSpanContext?.spanId).toBe(caller.spanContext().spanId)
      expect(caller.parentSpanContext).toBeUndefined()
      expect(recording.spans).toHaveLength(2)
    },
  )

  it.each(Object.entries(kinds))('measures %s by method and status', async (name, call) => {
    const client = await tourClient()
    const startMs = performance.now()

    await call(client)
    await call(client)

    const elapsedSeconds = (performance.now() - startMs) / 1000
    for (const side of ['server', 'client']) {
      const [duration] = await recording.measured(`rpc.${side}.call.duration`)
      expect(duration).toMatchObject({
        attributes: { 'rpc.system.name': 'grpc', 'rpc.method': `test.Tour/${name}`, 'rpc.status_code': 'OK' },
        value: { count: 2, sum: expect.any(Number), buckets: { boundaries } },
      })
      expect(Object(duration?.value).sum).toBeLessThanOrEqual(elapsedSeconds)
      expect(await activeCalls(side, name)).toBe(0)
    }
  })

  it.each(codes.map((code) => [Status[code] ?? '', code]))('records %s', async (name, code) => {
    const client = await tourClient({ greet: () => Promise.reject(new RpcError(code as Status, 'no')) })

    await client.greet({ name: 'Ada' }).catch(() => {})

    const [server, caller] = [await recording.ended(SpanKind.SERVER), await recording.ended(SpanKind.CLIENT)]
    const isServerError = serverErrors.has(name as string)
    expect(caller).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'rpc.status_code': name, 'error.type': name },
    })
    expect(server.attributes['rpc.status_code']).toBe(name)
    expect(server.attributes['error.type']).toBe(isServerError ? name : undefined)
    expect(server.status.code).toBe(isServerError ? SpanStatusCode.ERROR : SpanStatusCode.UNSET)
    const [duration] = await recording.measured('rpc.server.call.duration')
    expect(duration?.attributes).toMatchObject({ 'rpc.status_code': name })
  })

  it.each(['Count', 'Chat'] as const)('keeps the spans of %s open until its stream ends', async (name) => {
    const last = Promise.withResolvers<void>()
    async function* stream() {
      yield { number: 1, text: 'one' }
      await last.promise
    }
    const client = await tourClient({ count: stream, chat: stream })

    const answers = (name === 'Count' ? client.count({ to: 1 }) : client.chat(streamOf()))[Symbol.asyncIterator]()
    await answers.next()
    const whileOpen = [recording.spans.length, await activeCalls('server', name), await activeCalls('client', name)]
    last.resolve()
    await answers.next()

    expect(whileOpen).toEqual([0, 1, 1])
    expect(recording.spans.map(({ kind }) => kind)).toEqual([SpanKind.SERVER, SpanKind.CLIENT])
    expect([await activeCalls('server', name), await activeCalls('client', name)]).toEqual([0, 0])
  })

  it('records that the deadline passed, whatever the handler returned', async () => {
    const caller = new AbortController()
    const entered = Promise.withResolvers<void>()
    const client = await tourClient({
      async greet(_request, { signal }) {
        entered.resolve()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        return { text: 'too late' }
      },
    })

    const answer = client.greet({ name: 'Ada' }, { signal: caller.signal })
    await entered.promise
    caller.abort()
    await answer.catch(() => {})

    expect((await recording.ended(SpanKind.CLIENT)).attributes).toMatchObject({ 'rpc.status_code': 'CANCELLED' })
    expect((await recording.ended(SpanKind.SERVER)).attributes).toMatchObject({ 'rpc.status_code': 'CANCELLED' })
  })

  it("records the type of an error of the caller's own stream", async () => {
    const client = await tourClient()
    async function* broken() {
      yield* []
      throw new TypeError('the file ends here')
    }

    await client.sum(broken()).catch(() => {})

    const { attributes } = await recording.ended(SpanKind.CLIENT)
    expect(attributes).toMatchObject({ 'rpc.status_code': 'UNKNOWN', 'error.type': 'TypeError' })
  })

  it('continues one trace through the calls that handlers make', async () => {
    const leaf = await tourClient()
    const client = await tourClient({
      greet: (request) => leaf.greet(request),
      async *count(request) {
        yield* leaf.count(request)
      },
    })

    await client.greet({ name: 'Ada' })
    await Array.fromAsync(client.count({ to: 2 }))

    for (const name of ['Greet', 'Count']) {
      const chain = recording.spans.filter((span) => span.name.endsWith(name)).toReversed()
      expect(chain.map(({ kind }) => kind)).toEqual([
        SpanKind.CLIENT,
        SpanKind.SERVER,
        SpanKind.CLIENT,
        SpanKind.SERVER,
      ])
      expect(new Set(chain.map((span) => span.spanContext().traceId)).size).toBe(1)
      expect(chain.slice(1).map((span) => span.parentSpanContext?.spanId)).toEqual(
        chain.slice(0, -1).map((span) => span.spanContext().spanId),
      )
    }
  })

  it('logs an internal error once, with the id of its trace', async () => {
    const logged: object[] = []
    const log = { info() {}, error: (fields: object) => logged.push(fields) }
    const client = await tourClient({ greet: () => Promise.reject(new Error('out of paper')) }, { log })

    await client.greet({ name: 'Ada' }).catch(() => {})

    const { traceId } = (await recording.ended(SpanKind.SERVER)).spanContext()
    expect(logged).toEqual([{ err: new Error('out of paper'), method: '/test.Tour/Greet', traceId }])
  })

  it('records no messages and no texts of errors', async () => {
    const secret = 'hunter2'
    const client = await tourClient({
      greet: () => Promise.reject(new RpcError(Status.INTERNAL, secret)),
      count: () => {
        throw new Error(secret)
      },
    })

    await client.greet({ name: secret }).catch(() => {})
    await Array.fromAsync(client.count({ to: 1 })).catch(() => {})
    await Array.fromAsync(client.chat(streamOf({ text: secret })))

    const told = recording.spans.map(({ name, attributes, status, events }) => ({ name, attributes, status, events }))
    expect(told).toHaveLength(6)
    expect(JSON.stringify([told, await recording.measurements()])).not.toContain(secret)
  })

  it('begins when an SDK is registered, also after the server started, and ends with it', async () => {
    await recording.stop()
    const client = await tourClient()

    await client.greet({ name: 'before' })
    const { spans: before } = recording
    recording = recordTelemetry()
    await client.greet({ name: 'during' })
    await recording.stop()
    await client.greet({ name: 'after' })

    expect([before.length, recording.spans.length]).toEqual([0, 2])
  })

  async function tourClient(handlers?: Partial<Tour>, options?: TestOptions): Promise<TourClient> {
    const server = await serve([service(TourService, tour(handlers))], options)
    opened.defer(server.stop)
    return server.client(TourService)
  }
})

describe('the context of a trace on the wire', () => {
  it("is sent as traceparent, and the caller's metadata is unchanged", async () => {
    const metadata = new Metadata()
    metadata.set('x-name', 'Ada')
    const { address, seen } = await bareServer()
    const client = createClient(TourService, { address, descriptors: tourDescriptors() })
    opened.defer(client.close)

    await client.greet({ name: 'Ada' }, { metadata })

    const { traceId, spanId } = (await recording.ended(SpanKind.CLIENT)).spanContext()
    expect(seen).toMatchObject([{ 'x-name': 'Ada', traceparent: `00-${traceId}-${spanId}-01` }])
    expect(metadata.getMap()).toEqual({ 'x-name': 'Ada' })
  })

  it.each([
    ['continues that of a caller', `00-${callersTrace}-${callersSpan}-01`, callersTrace, callersSpan],
    ['begins a new trace after nonsense', 'nonsense', expect.not.stringContaining(callersTrace), undefined],
  ])('%s', async (_what, traceparent, traceId, parentSpanId) => {
    const { port, stop } = await serve([service(TourService, tour())])
    opened.defer(stop)

    await callBare(port, { traceparent, tracestate: 'shop=1' })

    const span = await recording.ended(SpanKind.SERVER)
    expect(span.spanContext().traceId).toEqual(traceId)
    expect(span.parentSpanContext?.spanId).toBe(parentSpanId)
  })

  it.each(targets)('has the attributes of the target %s', async (address, attributes) => {
    const client = createClient(TourService, { address, descriptors: tourDescriptors(), deadlineMs: 50 })
    opened.defer(client.close)

    await client.greet({ name: 'Ada' }).catch(() => {})

    const { 'rpc.status_code': status, ...told } = (await recording.ended(SpanKind.CLIENT)).attributes
    expect(['UNAVAILABLE', 'DEADLINE_EXCEEDED']).toContain(status)
    expect(told).toEqual({
      'rpc.system.name': 'grpc',
      'rpc.method': 'test.Tour/Greet',
      'error.type': status,
      ...attributes,
    })
  })
})

async function activeCalls(side: string, name: string): Promise<unknown> {
  const points = await recording.measured(`rpc.${side}.active_calls`)
  return points.find(({ attributes }) => attributes['rpc.method'] === `test.Tour/${name}`)?.value
}

/** A bare server of grpc-js, and the metadata that it received. */
async function bareServer(): Promise<{ address: string; seen: object[] }> {
  const seen: object[] = []
  const server = new Server()
  server.addService(TourService, {
    greet: (call: { metadata: Metadata }, callback: (error: null, answer: object) => void) => {
      seen.push(call.metadata.getMap())
      callback(null, { text: '' })
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  opened.defer(() => server.forceShutdown())
  return { address: `127.0.0.1:${port}`, seen }
}

/** A call of a bare client of grpc-js. */
async function callBare(port: number, headers: Record<string, string>): Promise<void> {
  const client = new WireClient(`127.0.0.1:${port}`, credentials.createInsecure())
  opened.defer(() => client.close())
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  const { path, requestSerialize, responseDeserialize } = TourService.greet

  await new Promise<void>((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { name: 'Ada' }, metadata, (error) =>
      error ? reject(error) : resolve(),
    )
  })
}
