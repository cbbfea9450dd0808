import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createConnection, createServer as createTcpServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { metrics, ProxyTracer, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { runProcess } from '../../testing/index.ts'
import { silentLog } from '../../testing/silent-log.ts'
import { StartError } from '../start-error.ts'
import { startTelemetry, type TelemetrySettings } from './telemetry.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('telemetry', () => {
  it('registers nothing by default', async () => {
    const { metricsPort } = await start({})

    expect(metricsPort).toBeUndefined()
    expect(trace.getTracer('test')).toBeInstanceOf(ProxyTracer)
    expect(metrics.getMeterProvider()).toBe(nothingRegistered)
    expect(propagation.fields()).toEqual([])
  })

  it('serves metrics at the path of Prometheus alone', async () => {
    const { metricsPort } = await start({ METRICS_PORT: 0, HOST: '127.0.0.1' })
    metrics.getMeter('test').createCounter('books.sold').add(2, { shelf: 'mystery' })
    const url = `http://127.0.0.1:${metricsPort}`

    const answer = await fetch(`${url}/metrics`)
    const text = await answer.text()

    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain'])
    expect(text).toMatch(/^books_sold_total\{.*shelf="mystery".*\} 2$/m)
    expect(text).toMatch(/^target_info\{.*service_name="test".*service_version="1\.2\.3".*\} 1$/m)
    expect((await fetch(`${url}/other`)).status).toBe(404)
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(404)
  })

  it('serves metrics on every address by default', async () => {
    const { metricsPort } = await start({ METRICS_PORT: 0 })

    expect((await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).status).toBe(200)
  })

  it('reports in one line that the port of the metrics is taken, and registers nothing', async () => {
    const port = await listen(createTcpServer())

    const starting = start({ METRICS_PORT: port, HOST: '127.0.0.1', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })

    const message = `cannot serve metrics on port ${port}: the port is already in use`
    await expect(starting).rejects.toMatchObject({ name: 'StartError', message })
    expect(metrics.getMeterProvider()).toBe(nothingRegistered)
    expect(trace.getTracer('test')).toBeInstanceOf(ProxyTracer)
  })

  it.each(['http://', 'http://a b', 'http://[::1'])('refuses %p as a collector', async (endpoint) => {
    await expect(start({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).rejects.toThrow(
      new StartError('OTEL_EXPORTER_OTLP_ENDPOINT is no URL'),
    )
  })

  it('does not wait for an incomplete scrape', async () => {
    const { metricsPort, stop } = await start({ METRICS_PORT: 0, HOST: '127.0.0.1' })
    const scraper = createConnection(metricsPort ?? 0, '127.0.0.1')
    scraper.write('GET /metr')
    await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()

    await stop()

    await once(scraper.resume(), 'close')
    expect(scraper.destroyed).toBe(true)
  })

  it('can be started again once it has stopped', async () => {
    for (const counter of ['first', 'second']) {
      const telemetry = await start({ METRICS_PORT: 0, HOST: '127.0.0.1' })
      metrics.getMeter('test').createCounter(counter).add(1)

      expect(await (await fetch(`http://127.0.0.1:${telemetry.metricsPort}/metrics`)).text()).toMatch(
        new RegExp(`^${counter}_total\\{.*\\} 1$`, 'm'),
      )
      await telemetry.stop()
    }
  })
})

describe('a traced process', () => {
  it('sends its traces, the last ones when it stops, and logs the trace of each line', async () => {
    const collector = await startCollector()
    const { child, prints, ended } = run({
      ...traceAll,
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      FLUSH_MS: '20000',
    })

    await prints(/within/)
    child.kill('SIGTERM')
    const { code, stdout, stderr } = await ended

    const { url, type, body } = await collector.received
    expect([code, stderr]).toEqual([0, ''])
    expect([url, type]).toEqual(['/v1/traces', 'application/x-protobuf'])
    expect(body.toString('latin1')).toMatch(/service\.name.*fixture.*service\.version.*1\.2\.3.*work/s)
    const [outside, within] = linesOf(stdout)
    expect([outside?.traceId, within?.traceId]).toEqual([undefined, expect.stringMatching(/^[0-9a-f]{32}$/)])
    expect(body.includes(Buffer.from(String(within?.traceId), 'hex'))).toBe(true)
    expect(body.includes(Buffer.from(String(within?.spanId), 'hex'))).toBe(true)
  })

  it.each<[string, Partial<TelemetrySettings>, number, boolean]>([
    ['all with always_on', { OTEL_TRACES_SAMPLER: 'always_on' }, 50, true],
    ['none with always_off', { OTEL_TRACES_SAMPLER: 'always_off' }, 0, false],
    ['a share of what begins here', { OTEL_TRACES_SAMPLER_ARG: 1 }, 50, false],
    ['none where the share is 0', { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 0 }, 0, false],
  ])('samples %s, and passes on the ids of the rest', async (_what, settings, sampled, samplesChildOfUnsampled) => {
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', ...settings })
    const tracer = trace.getTracer('test')
    const unsampled = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 0 }

    const roots = Array.from({ length: 50 }, () => tracer.startSpan('root', { root: true }))
    const child = tracer.startSpan('child', {}, trace.setSpanContext(ROOT_CONTEXT, unsampled))

    expect(roots.filter((span) => span.isRecording())).toHaveLength(sampled)
    expect(new Set(roots.map((span) => span.spanContext().traceId)).size).toBe(50)
    expect([child.isRecording(), child.spanContext().traceId]).toEqual([samplesChildOfUnsampled, unsampled.traceId])
  })

  it('samples one of a hundred by default', async () => {
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
    const tracer = trace.getTracer('test')

    const sampled = Array.from({ length: 20_000 }, () => tracer.startSpan('root')).filter((span) => span.isRecording())

    // 200 are expected; that it is further off by chance happens once in 10^12 runs.
    expect(sampled.length).toBeGreaterThan(100)
    expect(sampled.length).toBeLessThan(300)
  })

  it('logs no trace ids without traces', async () => {
    const { child, prints, ended } = run({})

    await prints(/within/)
    child.kill('SIGTERM')

    const [, within] = linesOf((await ended).stdout)
    expect(within).toMatchObject({ isRecording: false })
    expect(within).not.toHaveProperty('traceId')
  })

  it.each([
    ['is not there', freePort],
    ['never answers', () => listen(createTcpServer((socket) => socket.on('error', () => {})))],
  ])('does not wait for a collector that %s', async (_how, portOf) => {
    const { child, prints, ended } = run({
      ...traceAll,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await portOf()}`,
    })

    await prints(/within/)
    child.kill('SIGTERM')

    const { code, stdout, stderr } = await ended
    expect([code, stderr]).toEqual([0, ''])
    expect(linesOf(stdout)).toContainEqual(
      expect.objectContaining({
        msg: 'the last traces are lost',
        reason: 'the collector took longer than 200 ms',
      }),
    )
  })
})

const nothingRegistered = metrics.getMeterProvider()
const traceAll = { OTEL_TRACES_SAMPLER: 'always_on' }

async function start(settings: TelemetrySettings) {
  const telemetry = await startTelemetry(settings, { name: 'test', version: '1.2.3', log: silentLog })
  opened.defer(telemetry.stop)
  return telemetry
}

function run(env: Record<string, string>) {
  return runProcess(new URL('./telemetry.fixture.ts', import.meta.url), { LOG_FORMAT: 'json', ...env })
}

function linesOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

async function startCollector() {
  const asked = Promise.withResolvers<IncomingMessage>()
  const server = createServer((request, response) => {
    asked.resolve(request)
    request.on('end', () => response.end())
  })
  const port = await listen(server)
  const received = asked.promise.then(async (request) => ({
    url: request.url,
    type: request.headers['content-type'],
    body: Buffer.concat(await request.toArray()),
  }))
  return { url: `http://127.0.0.1:${port}`, received }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  opened.defer(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function freePort(): Promise<number> {
  const server = createTcpServer()
  const port = await listen(server)
  server.close()
  await once(server, 'close')
  return port
}
