import { type BatchObservableCallback, createNoopMeter, metrics } from '@opentelemetry/api'
import type { OutboxState } from './outbox-store.ts'

// A scrape does not wait for a database that does not answer.
const withinMs = 1_000

/**
 * Measures an outbox when metrics are collected: the age of its oldest due job, and how many are parked. Returns a function that
 * stops it.
 */
export function observeOutbox(schema: string, readState: () => Promise<OutboxState>): () => void {
  const meter = metrics.getMeter('@books/runtime')
  if (meter === createNoopMeter()) return () => {}

  const age = meter.createObservableGauge('books.outbox.oldest_age', {
    description: 'For how long the oldest job of the outbox that is due has been due',
    unit: 's',
  })
  const parked = meter.createObservableGauge('books.outbox.parked', {
    description: 'Jobs of the outbox that are not tried any more',
    unit: '{job}',
  })
  const observe: BatchObservableCallback = async (result) => {
    const late = Promise.withResolvers<undefined>()
    const timer = setTimeout(late.resolve, withinMs, undefined)
    const state = await Promise.race([readState().catch(() => undefined), late.promise])
    clearTimeout(timer)
    if (!state) return
    result.observe(age, state.oldestAgeSeconds, { schema })
    result.observe(parked, state.parked, { schema })
  }
  meter.addBatchObservableCallback(observe, [age, parked])
  return () => meter.removeBatchObservableCallback(observe, [age, parked])
}
