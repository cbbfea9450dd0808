import { changePayment } from '../payments/change-payment.ts'
import type { Change, Payment } from '../payments/payment.ts'
import type { SandboxDeps } from '../sandbox-deps.ts'
import type { Outcome } from './outcomes.ts'

// How long a browser waits for an event that comes before the answer.
const eventFirstMs = 5_000

/** Makes a payment end as it was chosen on its page. Changes nothing where it is not open any more. */
export async function chooseOutcome(
  { tables, now, wakeOutbox, events, eventDelayMs }: SandboxDeps,
  id: string,
  outcome: Exclude<Outcome, 'confirm'>,
): Promise<void> {
  const time = now()
  const delivery = {
    isTwice: outcome === 'event-twice',
    ...(outcome === 'event-late' && { dueAt: new Date(time.getTime() + eventDelayMs) }),
  }
  const answers = ({ 'answer-late': 'late', 'answer-lost': 'lost' } as const)[outcome as string]
  const rule = ({ state }: Payment): Change => {
    if (state !== 'open') throw new NotOpenError()
    return { state: outcome === 'decline' ? 'declined' : 'authorized' }
  }

  try {
    const change = { now: time, delivery, answers }
    const { eventId } = await tables.transaction().execute((each) => changePayment(each, id, rule, change))
    const delivered = outcome === 'event-first' ? events.waitFor(eventId, eventFirstMs) : undefined
    wakeOutbox()
    await delivered
  } catch (error) {
    if (!(error instanceof NotOpenError)) throw error
  }
}

class NotOpenError extends Error {}
