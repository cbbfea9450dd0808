import { type Meter, type MeterProvider, ValueType } from '@opentelemetry/api'
import { emptyResource } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  DataPointType,
  type HistogramMetricData,
  type MetricDescriptor,
  type MetricProducer,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics'
import { Histogram, hrTimeNow } from './histogram.ts'

/** The histograms of a process, apart from those of the SDK. They are reported as totals since the start. */
export interface Histograms extends MetricProducer {
  /** The meters of the SDK, which create these histograms where they are given boundaries. */
  over(provider: MeterProvider): MeterProvider
}

/** The histograms that a library has created, by name. */
interface Scope {
  name: string
  version: string
  schemaUrl?: string
  created: Map<string, { descriptor: MetricDescriptor; histogram: Histogram }>
}

/** Creates histograms that cost a call little: to record in one of the SDK takes 1.6 µs, most of it to sort and hash the attributes. */
export function createHistograms(): Histograms {
  const scopes = new Map<string, Scope>()

  function withHistograms(meter: Meter, { created }: Scope): Meter {
    const createHistogram: Meter['createHistogram'] = (name, options = {}) => {
      const { description = '', unit = '', valueType = ValueType.DOUBLE, advice } = options
      if (!advice?.explicitBucketBoundaries) return meter.createHistogram(name, options)
      const known = created.get(name)
      if (known) return known.histogram
      const histogram = new Histogram(advice.explicitBucketBoundaries)
      created.set(name, { descriptor: { name, description, unit, valueType }, histogram })
      return histogram
    }
    return Object.assign(Object.create(meter) as Meter, { createHistogram })
  }

  return {
    over: (provider) => ({
      getMeter(name, version = '', options = {}) {
        const key = JSON.stringify([name, version, options.schemaUrl])
        const scope = scopes.get(key) ?? { name, version, ...options, created: new Map() }
        scopes.set(key, scope)
        return withHistograms(provider.getMeter(name, version, options), scope)
      },
    }),
    async collect() {
      const endTime = hrTimeNow()
      const scopeMetrics = Array.from(
        scopes.values(),
        ({ created, ...scope }): ScopeMetrics => ({
          scope,
          metrics: Array.from(
            created.values(),
            ({ descriptor, histogram }): HistogramMetricData => ({
              descriptor,
              aggregationTemporality: AggregationTemporality.CUMULATIVE,
              dataPointType: DataPointType.HISTOGRAM,
              dataPoints: histogram.dataPoints(endTime),
            }),
          ),
        }),
      )
      // A reader takes the resource from the SDK.
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] }
    },
  }
}
