import { createNoopMeter, metrics, type ObservableResult } from '@opentelemetry/api'
import type { Answer, Backend } from './backend.ts'

type Outcome = 'fresh' | 'remembered' | 'none'

/**
 * Counts the answers of a backend by outcome: `fresh`, `remembered` (from the cache, as the service did not answer) or
 * `none` (nothing was cached), and reports whether its circuit breaker is open. Where no meter provider is registered yet, returns the
 * backend itself.
 */
export function measureBackend(backend: Backend): Backend {
  const meter = metrics.getMeter('@books/marketplace')
  if (meter === createNoopMeter()) return backend

  const dependency = backend.name
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
  const observeOpen = (result: ObservableResult) => result.observe(Number(backend.isFailing()), { dependency })
  answers.addCallback(observeAnswers)
  open.addCallback(observeOpen)

  return {
    ...backend,
    async ask(key, call, options) {
      const asked = backend.ask(key, call, options)
      // A rejection is an answer, too: that the request is wrong or names nothing that exists.
      const outcome = await asked.then(outcomeOf, () => 'fresh' as const)
      counts[outcome]++
      return asked
    },
    close() {
      answers.removeCallback(observeAnswers)
      open.removeCallback(observeOpen)
      backend.close()
    },
  }
}

function outcomeOf({ value, fallback }: Answer<unknown>): Outcome {
  if (fallback === undefined) return 'fresh'
  return value === undefined ? 'none' : 'remembered'
}
