import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Log } from '../log.ts'
import type { Running } from '../start-process.ts'
import type { SamplerName } from './samplers.ts'

/** Where traces are sent, and for which service. */
export interface TracingOptions {
  /** The collector's address, to which `/v1/traces` is added. */
  endpoint: string
  service: { name: string; version: string }
  sampler: Sampler
  /** How long a stop waits until the last traces are sent, in milliseconds. */
  flushMs: number
  log: Log
}

/** Traces this process, and sends the spans to a collector in batches. */
export function startTracing({ endpoint, service, sampler, flushMs, log }: TracingOptions): Running {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const provider = new TracerProvider({
    sampler,
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

/** The sampler with this name. `share` is that of the traces which one with `traceidratio` takes, from 0 to 1. */
export function createSampler(name: SamplerName, share: number): Sampler {
  const samplers = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(share),
  }
  const root = samplers[name.replace('parentbased_', '') as keyof typeof samplers]()
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}
