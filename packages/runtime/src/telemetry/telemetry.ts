import { context, DiagLogLevel, diag, metrics, propagation, trace } from '@opentelemetry/api'
import { Type } from 'typebox'
import type { Log } from '../log.ts'
import { StartError } from '../start-error.ts'
import type { Running } from '../start-process.ts'

/** The variables that say where a process tells of its calls. */
export const telemetrySettings = {
  /** A collector that takes traces as OTLP over HTTP, such as `http://localhost:4318`; without it nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(Type.String({ pattern: '^https?://' })),
  /** The port on which Prometheus finds `/metrics`, 0 for a free one; without it nothing is measured. */
  METRICS_PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
}

/** What telemetry is started from. */
export interface TelemetrySettings {
  OTEL_EXPORTER_OTLP_ENDPOINT?: string
  METRICS_PORT?: number
  /** The address on which metrics are served; all of the machine's unless given. */
  HOST?: string
}

/** Who tells, and how. */
export interface TelemetryOptions {
  /** The service, as traces and metrics name it. */
  name: string
  version: string
  log: Log
  /** How long a stop waits for the last traces to be sent, in milliseconds. */
  flushMs?: number | undefined
}

/** What a process tells of its calls. */
export interface Telemetry extends Running {
  /** Where Prometheus finds `/metrics`, if anywhere. */
  readonly metricsPort: number | undefined
}

/**
 * Registers with OpenTelemetry what the settings ask for; what they do not ask for is not even loaded. Traces are sent
 * behind the back of the calls: a collector that is away costs a call nothing, and a stop `flushMs` at most.
 * Fails with one `StartError` where the port of the metrics is taken.
 */
export async function startTelemetry(
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, METRICS_PORT: port, HOST: host = '::' }: TelemetrySettings,
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
    const { startTracing } = await import('./tracing.ts')
    stops.push(startTracing({ endpoint, service, flushMs, log }).stop)
  }
  if (stops.length > 0) tellOfTrouble(log)

  return {
    metricsPort,
    async stop() {
      await Promise.all(stops.splice(0).map((stop) => stop()))
      for (const api of [trace, context, propagation, metrics, diag]) api.disable()
    },
  }
}

/** Logs what OpenTelemetry has to say of itself: that a collector is away, above all. */
function tellOfTrouble(log: Log): void {
  const warn = (reason: string) => log.warn({ reason }, 'telemetry has a problem')
  diag.setLogger({ error: warn, warn, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN)
}
