import { setTimeout as delay } from 'node:timers/promises'
import type { payings } from './checkout-plan.ts'

/** What can be chosen on the page of a payment. */
export type PageChoice = Exclude<keyof typeof payings, 'cancels' | 'leaves'>

const outcomes: Readonly<Record<PageChoice, string>> = {
  pays: 'pay',
  declines: 'decline',
  confirms: 'confirm',
  'answers late': 'answer-late',
  'loses the answer': 'answer-lost',
  'sends the event twice': 'event-twice',
  'sends the event late': 'event-late',
  'sends the event first': 'event-first',
}

const answerWithinMs = 8_000
const giveUpAfterMs = 60_000

/**
 * Chooses an outcome on the provider's page at `url`, as a browser without JavaScript would; the page is loaded again where an answer
 * does not come. Does nothing where the payment is not open any more.
 */
export async function chooseOnPage(url: string, choice: PageChoice): Promise<void> {
  const giveUpAt = Date.now() + giveUpAfterMs
  for (let waitMs = 100; Date.now() < giveUpAt; waitMs = Math.min(2 * waitMs, 1_000)) {
    try {
      const page = await load(url)
      if (!page.includes('name="outcome"')) return
      await submit(url, outcomes[choice])
      if (choice === 'confirms') await submit(url, 'pay')
      return
    } catch {
      await delay(waitMs)
    }
  }
}

async function load(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) })
  const page = await response.text()
  if (!response.ok) throw new Error(`the page answered ${response.status}`)
  return page
}

async function submit(url: string, outcome: string): Promise<void> {
  const body = new URLSearchParams({ outcome })
  const signal = AbortSignal.timeout(answerWithinMs)
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual', signal })
  await response.arrayBuffer()
  if (response.status !== 303) throw new Error(`the page answered ${response.status}`)
}
