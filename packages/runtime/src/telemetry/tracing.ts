import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Log } from '../log.ts'
import type { Running } from '../start-process.ts'

/** Where traces are sent, and for which service. */
export interface TracingOptions {
  /** The collector's address, to which `/v1/traces` is added. */
  endpoint: string
  service: { name: string; version: string }
  /** How long a stop waits until the last traces are sent, in milliseconds. */
  flushMs: number
  log: Log
}

/** Traces this process, and sends the spans to a collector in batches. */
export function startTracing({ endpoint, service, flushMs, log }: TracingOptions): Running {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service.name, 'service.version': service.version }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())

  return {
    async stop() {
      const { promise: late, resolve } = Promise.withResolvers<string>()
      const timer = setTimeout(resolve, flushMs, `the collector took longer than ${flushMs} ms`)
      const failure = await Promise.race([late, provider.shutdown().then(() => undefined, String)])
      clearTimeout(timer)
      if (failure) log.warn({ reason: failure }, 'the last traces are lost')
    },
  }
}
