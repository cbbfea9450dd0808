import { afterEach, describe, expect, it } from '@jest/globals'
import type { Meter, MetricOptions } from '@opentelemetry/api'
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { createHistograms, type Histograms } from './histograms.ts'

const duration: MetricOptions = {
  description: 'Duration of calls',
  unit: 's',
  advice: { explicitBucketBoundaries: [0.005, 0.01, 1] },
}
const ok = Object.freeze({ method: 'Greet', status: 'OK' })
const values = [0, 0.001, 0.005, 0.0051, 0.01, 0.5, 1, 1.5, -1, Number.NaN]

let opened: AsyncDisposableStack = new AsyncDisposableStack()
afterEach(async () => {
  await opened.disposeAsync()
  opened = new AsyncDisposableStack()
})

describe('histograms', () => {
  it('report what those of the SDK do', async () => {
    const [ours, sdk] = [start(), startSdk()]
    const attributes = [ok, { status: 'OK', method: 'Greet' }, { method: 'Greet', status: 'INTERNAL' }, {}, undefined]

    for (const { meter } of [ours, sdk]) {
      const histogram = meter.createHistogram('call.duration', duration)
      for (const each of attributes) for (const value of values) histogram.record(value, each)
    }

    const [reported, expected] = [await ours.read('call.duration'), await sdk.read('call.duration')]
    const { name, description, unit, valueType } = expected.descriptor
    expect(reported.descriptor).toEqual({ name, description, unit, valueType })
    expect({ ...reported, descriptor: {}, dataPoints: [] }).toEqual({ ...expected, descriptor: {}, dataPoints: [] })
    expect(pointsOf(reported)).toEqual(pointsOf(expected))
  })

  it('report totals since the first measurement', async () => {
    const { meter, read } = start()
    const histogram = meter.createHistogram('call.duration', duration)

    histogram.record(0.001, ok)
    const [first] = (await read('call.duration')).dataPoints as DataPoint<Histogram>[]
    histogram.record(2, ok)
    const [second] = (await read('call.duration')).dataPoints as DataPoint<Histogram>[]

    expect([first?.value.count, second?.value.count]).toEqual([1, 2])
    expect([first?.value.buckets.counts, second?.value.buckets.counts]).toEqual([
      [1, 0, 0, 0],
      [1, 0, 0, 1],
    ])
    expect(second?.startTime).toEqual(first?.startTime)
  })

  it('are one where a library creates two of one name', async () => {
    const { meter, provider, read } = start()

    meter.createHistogram('call.duration', duration).record(1)
    provider.getMeter('test', '1').createHistogram('call.duration', duration).record(1)

    expect((await read('call.duration')).dataPoints).toMatchObject([{ value: { count: 2 } }])
  })

  it('count what exceeds 2,000 combinations of attributes as one, as the SDK does', async () => {
    const { meter, read } = start()
    const histogram = meter.createHistogram('call.duration', duration)

    for (let index = 0; index < 3_000; index++) histogram.record(1, Object.freeze({ index }))

    const { dataPoints } = await read('call.duration')
    expect(dataPoints).toHaveLength(2_000)
    expect(dataPoints.at(-1)).toMatchObject({
      attributes: { 'otel.metric.overflow': true },
      value: { count: 1_001 },
    })
  })

  it('leave other instruments, and those without boundaries, to the SDK', async () => {
    const { meter, read } = start()

    meter.createCounter('calls').add(2)
    meter.createHistogram('sizes').record(2)
    meter.createObservableGauge('level').addCallback((result) => result.observe(3))

    expect((await read('calls')).dataPoints).toMatchObject([{ value: 2 }])
    expect((await read('sizes')).dataPoints).toMatchObject([{ value: { count: 1 } }])
    expect((await read('level')).dataPoints).toMatchObject([{ value: 3 }])
  })
})

function start() {
  const histograms = createHistograms()
  return startSdk([histograms], histograms.over)
}

function startSdk(metricProducers: Histograms[] = [], over: Histograms['over'] = (sdk) => sdk) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, metricProducers })
  const sdk = new MeterProvider({ readers: [reader] })
  opened.defer(() => sdk.shutdown())
  const provider = over(sdk)
  const meter: Meter = provider.getMeter('test', '1')

  return {
    meter,
    provider,
    async read(name: string): Promise<MetricData> {
      const { resourceMetrics } = await reader.collect()
      const scope = resourceMetrics.scopeMetrics.find(({ metrics }) =>
        metrics.some((each) => each.descriptor.name === name),
      )
      expect(scope?.scope).toMatchObject({ name: 'test', version: '1' })
      const metric = scope?.metrics.find((each) => each.descriptor.name === name)
      if (!metric) throw new Error(`${name} is not reported`)
      return metric
    },
  }
}

function pointsOf({ dataPoints }: MetricData): object[] {
  return dataPoints.map(({ attributes, value }) => ({ attributes, value }))
}
