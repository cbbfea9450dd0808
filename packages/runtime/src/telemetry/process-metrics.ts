import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { getHeapSpaceStatistics } from 'node:v8'
import type { Meter } from '@opentelemetry/api'

// A timer wakes the process as often: at 10 ms an idle one would take half a percent of a core for this alone.
const resolutionMs = 50

/**
 * Measures the process by OpenTelemetry's conventions: memory, CPU, uptime, and its event loop between two scrapes.
 * Returns a function that stops it.
 */
export function observeProcess(meter: Meter): () => void {
  observeEventLoopUtilization(meter)
  meter
    .createObservableUpDownCounter('process.memory.usage', { description: 'Memory of the process', unit: 'By' })
    .addCallback((result) => result.observe(process.memoryUsage.rss()))
  meter
    .createObservableUpDownCounter('v8js.memory.heap.used', { description: 'Used memory of the V8 heap', unit: 'By' })
    .addCallback((result) => {
      for (const { space_name, space_used_size } of getHeapSpaceStatistics())
        result.observe(space_used_size, { 'v8js.heap.space.name': space_name })
    })
  meter
    .createObservableGauge('process.uptime', { description: 'Uptime of the process', unit: 's' })
    .addCallback((result) => result.observe(process.uptime()))
  meter
    .createObservableCounter('process.cpu.time', { description: 'CPU time of the process', unit: 's' })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage()
      result.observe(user / 1e6, { 'cpu.mode': 'user' })
      result.observe(system / 1e6, { 'cpu.mode': 'system' })
    })
  return observeEventLoopDelay(meter)
}

function observeEventLoopUtilization(meter: Meter): void {
  let last = performance.eventLoopUtilization()
  meter
    .createObservableGauge('nodejs.eventloop.utilization', {
      description: 'Event loop utilization',
      unit: '1',
    })
    .addCallback((result) => {
      const now = performance.eventLoopUtilization()
      result.observe(performance.eventLoopUtilization(now, last).utilization)
      last = now
    })
}

function observeEventLoopDelay(meter: Meter): () => void {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  const gauge = (name: string) =>
    meter.createObservableGauge(`nodejs.eventloop.delay.${name}`, { description: 'Event loop delay', unit: 's' })
  const [p50, p99, max] = [gauge('p50'), gauge('p99'), gauge('max')]
  meter.addBatchObservableCallback(
    (result) => {
      if (delays.count > 0) {
        result.observe(p50, delaySeconds(delays.percentile(50)))
        result.observe(p99, delaySeconds(delays.percentile(99)))
        result.observe(max, delaySeconds(delays.max))
      }
      delays.reset()
    },
    [p50, p99, max],
  )
  return () => delays.disable()
}

/** Node measures, in nanoseconds, how long its timer took; the delay is what exceeds its resolution. */
function delaySeconds(elapsedNs: number): number {
  return Math.max(0, elapsedNs / 1e6 - resolutionMs) / 1000
}
