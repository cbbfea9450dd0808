import { createNoopMeter, metrics, type ObservableResult } from '@opentelemetry/api'

/** An answer is `fresh`, `remembered` (from the cache, as the service did not answer) or `none` (nothing was cached). */
export type Outcome = 'fresh' | 'remembered' | 'none'

/** The metrics of a backend. */
export interface BackendMetrics {
  count(outcome: Outcome): void
  stop(): void
}

/**
 * Counts the answers of a backend by outcome, and reports whether its circuit breaker is open. Where no meter provider is registered yet,
 * it does nothing.
 */
export function measureBackend(dependency: string, isFailing: () => boolean): BackendMetrics {
  const meter = metrics.getMeter('@books/marketplace')
  if (meter === createNoopMeter()) return { count() {}, stop() {} }

  const counts: Record<Outcome, number> = { fresh: 0, remembered: 0, none: 0 }
  const answers = meter.createObservableCounter('books.source.answers', {
    description: 'Answers that pages were made from: fresh, cached because the service did not answer, or missing',
    unit: '{answer}',
  })
  const open = meter.createObservableGauge('books.source.left_alone', {
    description: 'Whether the circuit breaker of the service is open',
    unit: '1',
  })
  const observeAnswers = (result: ObservableResult) => {
    for (const [outcome, count] of Object.entries(counts)) result.observe(count, { dependency, outcome })
  }
  const observeOpen = (result: ObservableResult) => result.observe(Number(isFailing()), { dependency })
  answers.addCallback(observeAnswers)
  open.addCallback(observeOpen)

  return {
    count(outcome) {
      counts[outcome]++
    },
    stop() {
      answers.removeCallback(observeAnswers)
      open.removeCallback(observeOpen)
    },
  }
}
