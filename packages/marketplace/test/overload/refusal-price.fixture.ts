import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { split } from './figures.fixture.ts'
import type { Load } from './load.fixture.ts'
import type { Order } from './load-process.fixture.ts'
import { cpuMsOf } from './process-cpu.fixture.ts'

/** Measures what the cheapest rejection costs. */
export interface RefusalPrice {
  /** CPU time of one rejection under this load, in milliseconds. */
  measure(load: Load, order: Omit<Order, 'port' | 'durationMs'>): Promise<number>
  stop(): Promise<void>
}

const measureMs = 3_000
const settleMs = 500

/** Starts the bare server. */
export async function startRefusalPrice(): Promise<RefusalPrice> {
  const child = fork(fileURLToPath(new URL('./bare-server.fixture.ts', import.meta.url)), { execArgv: [] })
  const [port] = (await once(child, 'message')) as [number]

  return {
    async measure(load, order) {
      const [outcome, cpuMs] = await Promise.all([
        load.send({ ...order, port, durationMs: measureMs }),
        cpuMsOf(child.pid ?? 0, settleMs, measureMs),
      ])
      return cpuMs / split(outcome, settleMs, measureMs).refused.tookMs.length
    },
    async stop() {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}
