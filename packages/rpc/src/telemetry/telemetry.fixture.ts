import { EventEmitter, once } from 'node:events'
import { context, metrics, propagation, type SpanKind, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  AggregationTemporality,
  type DataPoint,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace'

/** The telemetry of an SDK that keeps everything in memory. */
export interface Recording {
  /** The spans that have ended, in that order. */
  spans: ReadableSpan[]
  /** The first span of this kind that has ended; waits for one. */
  ended(kind: SpanKind): Promise<ReadableSpan>
  /** The data points of a metric so far. */
  measured(name: string): Promise<DataPoint<unknown>[]>
  /** All metrics so far. */
  measurements(): Promise<unknown>
  /** Unregisters the SDK. */
  stop(): Promise<void>
}

/** Registers an OpenTelemetry SDK that keeps spans and measurements in memory. */
export function recordTelemetry(): Recording {
  const spans: ReadableSpan[] = []
  const news = new EventEmitter().setMaxListeners(0)
  const processor = {
    onStart() {},
    onEnd(span: ReadableSpan) {
      spans.push(span)
      news.emit('span')
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const reader = new PeriodicExportingMetricReader({
    exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
    exportIntervalMillis: 3_600_000,
  })
  const meterProvider = new MeterProvider({ readers: [reader] })

  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  metrics.setGlobalMeterProvider(meterProvider)

  const measurements = async () => {
    const { resourceMetrics } = await reader.collect()
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)
  }
  return {
    spans,
    async ended(kind) {
      for (;;) {
        const span = spans.find((each) => each.kind === kind)
        if (span) return span
        await once(news, 'span')
      }
    },
    async measured(name) {
      const found = (await measurements()).find(({ descriptor }) => descriptor.name === name)
      return found?.dataPoints ?? []
    },
    measurements,
    async stop() {
      for (const api of [trace, context, propagation, metrics]) api.disable()
      await meterProvider.shutdown()
    },
  }
}
