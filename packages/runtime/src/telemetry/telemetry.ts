import { context, DiagLogLevel, diag, metrics, propagation, trace } from '@opentelemetry/api'
import { Type } from 'typebox'
import type { Log } from '../log.ts'
import { StartError } from '../start-error.ts'
import type { Running } from '../start-process.ts'
import { defaultSampling, type SamplerName, samplerNames } from './samplers.ts'

/** The variables of traces and metrics. */
export const telemetrySettings = {
  /** A collector of traces by OTLP over HTTP, such as `http://localhost:4318`; without it nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(Type.String({ pattern: '^https?://' })),
  /** Which calls are traced, by OpenTelemetry's names. */
  OTEL_TRACES_SAMPLER: Type.Enum([...samplerNames], { default: defaultSampling.sampler }),
  /** The share of the traces that a sampler with `traceidratio` takes. */
  OTEL_TRACES_SAMPLER_ARG: Type.Number({ minimum: 0, maximum: 1, default: defaultSampling.share }),
  /** The port of `/metrics` for Prometheus, 0 for a free one; without it nothing is measured. */
  METRICS_PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
}

/** What telemetry is started from. */
export interface TelemetrySettings {
  OTEL_EXPORTER_OTLP_ENDPOINT?: string
  OTEL_TRACES_SAMPLER?: SamplerName
  OTEL_TRACES_SAMPLER_ARG?: number
  METRICS_PORT?: number
  /** The address on which metrics are served; all addresses by default. */
  HOST?: string
}

/** The service, and how its telemetry is sent. */
export interface TelemetryOptions {
  /** The name of the service in traces and metrics. */
  name: string
  version: string
  log: Log
  /** How long a stop waits until the last traces are sent, in milliseconds. */
  flushMs?: number | undefined
}

/** Running telemetry. */
export interface Telemetry extends Running {
  /** The port of `/metrics`; undefined where metrics are off. */
  readonly metricsPort: number | undefined
}

/**
 * Registers traces and metrics with OpenTelemetry as the settings say; what is off is not even loaded. Traces are sent in
 * the background: an unavailable collector does not delay a call, and a stop by at most `flushMs`.
 * Throws a `StartError` where the port of the metrics is taken.
 */
export async function startTelemetry(
  {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_TRACES_SAMPLER: sampler = defaultSampling.sampler,
    OTEL_TRACES_SAMPLER_ARG: share = defaultSampling.share,
    METRICS_PORT: port,
    HOST: host = '::',
  }: TelemetrySettings,
  { name, version, log, flushMs = 2_000 }: TelemetryOptions,
): Promise<Telemetry> {
  if (endpoint !== undefined && !URL.canParse(endpoint)) throw new StartError('OTEL_EXPORTER_OTLP_ENDPOINT is no URL')
  const service = { name, version }
  const stops: (() => Promise<unknown>)[] = []
  let metricsPort: number | undefined

  if (port !== undefined) {
    const { startMetrics } = await import('./metrics.ts')
    const served = await startMetrics({ host, port, service })
    metricsPort = served.port
    stops.push(served.stop)
    log.info({ port: metricsPort }, 'metrics are served')
  }
  if (endpoint !== undefined) {
    const { createSampler, startTracing } = await import('./tracing.ts')
    stops.push(startTracing({ endpoint, service, sampler: createSampler(sampler, share), flushMs, log }).stop)
  }
  if (stops.length > 0) logProblems(log)

  return {
    metricsPort,
    async stop() {
      await Promise.all(stops.splice(0).map((stop) => stop()))
      for (const api of [trace, context, propagation, metrics, diag]) api.disable()
    },
  }
}

/** Logs the problems of OpenTelemetry itself, such as an unavailable collector. */
function logProblems(log: Log): void {
  const warn = (reason: string) => log.warn({ reason }, 'telemetry has a problem')
  diag.setLogger({ error: warn, warn, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN)
}
