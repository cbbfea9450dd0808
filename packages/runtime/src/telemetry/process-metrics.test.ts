import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { silentLog } from '../../testing/silent-log.ts'
import { startTelemetry, type Telemetry } from './telemetry.ts'

const lookEveryMs = 50

let telemetry: Telemetry
beforeAll(async () => {
  const settings = { METRICS_PORT: 0, HOST: '127.0.0.1' }
  telemetry = await startTelemetry(settings, { name: 'test', version: '1.2.3', log: silentLog })
})
afterAll(() => telemetry.stop())

describe('a process that serves metrics', () => {
  it('exports its memory, CPU time and uptime', async () => {
    const values = await scrape()

    expect(values('process_memory_usage')).toBeGreaterThan(10e6)
    expect(values('v8js_memory_heap_used', 'v8js_heap_space_name="old_space"')).toBeGreaterThan(1e6)
    expect(values('process_cpu_time_total', 'cpu_mode="user"')).toBeGreaterThan(0)
    expect(values('process_cpu_time_total', 'cpu_mode="system"')).toBeGreaterThan(0)
    expect(values('process_uptime')).toBeGreaterThan(0)
  })

  it('exports the delay of its event loop since the last scrape', async () => {
    await scrape()

    // Node starts to measure in the first turn after a scrape.
    for (let turn = 1; turn <= 3; turn++) {
      blockEventLoop(160)
      await new Promise((resolve) => setTimeout(resolve))
    }
    const blocked = await scrape()

    expect(blocked('nodejs_eventloop_delay_max')).toBeGreaterThan(0.1)
    expect(blocked('nodejs_eventloop_utilization')).toBeGreaterThan(0)
    expect(blocked('nodejs_eventloop_utilization')).toBeLessThanOrEqual(1)
    // Each scrape is about the time since the last one, which must be long enough for two looks.
    for (let now = blocked; now('nodejs_eventloop_delay_max') > 0.1; now = await scrape()) await delay(lookEveryMs * 2)
  })
})

/** Reads a metric off a fresh scrape, with a label where it has several series. */
async function scrape(): Promise<(name: string, label?: string) => number> {
  const text = await (await fetch(`http://127.0.0.1:${telemetry.metricsPort}/metrics`)).text()
  return (name, label = '') => {
    const line = text.split('\n').find((each) => each.startsWith(name) && each.includes(label))
    return Number(line?.split(' ').at(-1))
  }
}

function blockEventLoop(ms: number): void {
  const endMs = performance.now() + ms
  while (performance.now() < endMs);
}
