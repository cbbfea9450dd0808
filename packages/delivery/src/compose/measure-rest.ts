import { setTimeout as delay } from 'node:timers/promises'
import { waitUntil } from '../containers/wait-until.ts'
import type { ComposedStore } from './composed-store.ts'

const settledWithinMs = 180_000
const sampleMs = 5_000
const settledShare = 0.2
// Two health checks of every container.
const measuredMs = 60_000

/** Waits until a store has done what it does at its start, and measures the share of one core that all its containers take then. */
export async function measureRest(store: ComposedStore, signal: AbortSignal): Promise<number> {
  const isSettled = async () => (await shareOver(sampleMs)) < settledShare
  await waitUntil('the store is at rest', isSettled, { withinMs: settledWithinMs, signal })
  return shareOver(measuredMs)

  async function shareOver(forMs: number): Promise<number> {
    const startedMs = performance.now()
    const before = await store.readCpuMs()
    await delay(forMs, undefined, { signal })
    const used = (await store.readCpuMs()) - before
    return used / (performance.now() - startedMs)
  }
}
