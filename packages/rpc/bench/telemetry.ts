import { createLog, startTelemetry } from '@books/runtime'

// Nothing listens there: spans are made, kept for a batch and written, and then lost.
const collector = 'http://127.0.0.1:9'
let started: Promise<unknown> | undefined

/** Measures every call and traces one of a hundred, as a service does by default where both are on. */
export async function registerTelemetry(): Promise<void> {
  const settings = { HOST: '127.0.0.1', METRICS_PORT: 0, OTEL_EXPORTER_OTLP_ENDPOINT: collector }
  const log = createLog('bench', { LOG_LEVEL: 'silent', LOG_FORMAT: 'json' })
  started ??= startTelemetry(settings, { name: 'bench', version: '0.0.0', log })
  await started
}
