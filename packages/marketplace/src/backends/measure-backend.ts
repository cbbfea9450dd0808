import { createNoopMeter, metrics, type ObservableResult } from '@opentelemetry/api'
import type { Answer, Source } from './backend.ts'

type Outcome = 'fresh' | 'remembered' | 'none'

/**
 * The source, with what it answers counted: `fresh`, `remembered` because the service did not answer, or `none` as nothing
 * was remembered either; and whether the service is left alone. Where no meter provider is registered yet, the source itself.
 */
export function measureSource(dependency: string, source: Source): Source {
  const meter = metrics.getMeter('@books/marketplace')
  if (meter === createNoopMeter()) return source

  const counts: Record<Outcome, number> = { fresh: 0, remembered: 0, none: 0 }
  const answers = meter.createObservableCounter('books.source.answers', {
    description: 'What pages were made from: what a service said just now, what was remembered of it, or nothing',
    unit: '{answer}',
  })
  const leftAlone = meter.createObservableGauge('books.source.left_alone', {
    description: 'Whether a service is left alone, as it fails',
    unit: '1',
  })
  const observeAnswers = (result: ObservableResult) => {
    for (const [outcome, count] of Object.entries(counts)) result.observe(count, { dependency, outcome })
  }
  const observeLeftAlone = (result: ObservableResult) => result.observe(Number(source.isTroubled()), { dependency })
  answers.addCallback(observeAnswers)
  leftAlone.addCallback(observeLeftAlone)

  return {
    ...source,
    async ask(key, call) {
      const asked = source.ask(key, call)
      // What it rejects with is what the service said: that there is no such thing, or that the request is wrong.
      const outcome = await asked.then(outcomeOf, () => 'fresh' as const)
      counts[outcome]++
      return asked
    },
    close() {
      answers.removeCallback(observeAnswers)
      leftAlone.removeCallback(observeLeftAlone)
      source.close()
    },
  }
}

function outcomeOf({ value, isFallback }: Answer<unknown>): Outcome {
  if (!isFallback) return 'fresh'
  return value === undefined ? 'none' : 'remembered'
}
