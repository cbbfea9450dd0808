import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { metrics } from '@opentelemetry/api'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { StartError } from '../start-error.ts'
import type { Running } from '../start-process.ts'
import { createHistograms } from './histograms.ts'
import { observeProcess } from './process-metrics.ts'

/** Where metrics are served, and for which service. */
export interface MetricsOptions {
  /** `::` is all of the machine's addresses. */
  host: string
  /** 0 takes a free one. */
  port: number
  service: { name: string; version: string }
}

/** Collects metrics, including those of the process itself, and serves them to Prometheus at `/metrics`. */
export async function startMetrics({ host, port, service }: MetricsOptions): Promise<Running & { port: number }> {
  // The exporter's own server does not support port 0.
  const histograms = createHistograms()
  const exporter = new PrometheusExporter({ preventServerStart: true, metricProducers: [histograms] })
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const isScrape = request.method === 'GET' && request.url?.split('?')[0] === '/metrics'
    if (isScrape) exporter.getMetricsRequestHandler(request, response)
    else response.writeHead(404).end()
  })

  // Without a host Node listens on `::`, or on `0.0.0.0` where the machine has no IPv6.
  server.listen({ host: host === '::' ? undefined : host, port })
  try {
    await once(server, 'listening')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const reason = code === 'EADDRINUSE' ? 'the port is already in use' : message
    throw new StartError(`cannot serve metrics on port ${port}: ${reason}`, { cause })
  }

  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': service.name, 'service.version': service.version }),
    readers: [exporter],
  })
  metrics.setGlobalMeterProvider(histograms.over(provider))
  const stopObserving = observeProcess(provider.getMeter('@books/runtime'))

  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      stopObserving()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
      await provider.shutdown()
    },
  }
}
