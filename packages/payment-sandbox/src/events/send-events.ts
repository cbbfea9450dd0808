import type { Handler } from '@books/runtime/outbox'
import { request } from 'undici'
import { signatureHeader, signEvent } from './sign-event.ts'

/** How long a receiver has for its answer. */
const answerMs = 10_000

/** Sends events to the shop. */
export interface EventSender {
  /** Does the jobs of the outbox. Fails unless the shop answers 2xx, so that the event is sent again later. */
  handler: Handler
  /** Resolves once an event was delivered, or after `withinMs`. */
  waitFor(eventId: string, withinMs: number): Promise<void>
}

/** Sends events to `url`, signed with `key`. */
export function createEventSender({ url, key, now }: { url: string; key: string; now: () => Date }): EventSender {
  const waiting = new Map<string, () => void>()
  return {
    async handler({ key: eventId, payload }, signal) {
      const body = JSON.stringify(payload)
      // As in the API of payments, not the built-in `fetch`.
      const response = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [signatureHeader]: signEvent(body, key, now()) },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
      })
      await response.body.dump()
      const { statusCode } = response
      if (statusCode < 200 || statusCode > 299) throw new Error(`the shop answered ${statusCode}`)
      waiting.get(eventId)?.()
    },
    async waitFor(eventId, withinMs) {
      const delivered = Promise.withResolvers<void>()
      const timer = setTimeout(delivered.resolve, withinMs)
      waiting.set(eventId, delivered.resolve)
      await delivered.promise
      clearTimeout(timer)
      waiting.delete(eventId)
    },
  }
}
