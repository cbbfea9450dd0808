import { RpcError } from '../../src/call/rpc-error.ts'
import { TourService, tourDescriptors } from '../../src/call/tour.fixture.ts'
import { createClient } from '../../src/client/client.ts'

/** What a caller is asked to do: `lanes` calls at a time, `calls` in all or until it is told to stop. */
export interface Order {
  calls?: number
  lanes: number
}

/** What came of an order: how often which replica answered, and how often which error. */
export interface Outcome {
  answers: Record<string, number>
  errors: Record<string, number>
}

/**
 * A process that calls: its arguments are the address to call and the read-only methods. It takes an order as a
 * message, tells how many calls are done every now and then, and the outcome at the end.
 */
const [, , address = '', ...readOnly] = process.argv
const client = createClient(TourService, { address, deadlineMs: 10_000, descriptors: tourDescriptors(...readOnly) })
let stopping = new AbortController()

process.on('message', (order: Order | 'stop') => {
  if (order === 'stop') stopping.abort()
  else void carryOut(order).then((outcome) => process.send?.({ outcome }))
})
process.on('disconnect', () => process.exit())
process.send?.({ ready: true })

async function carryOut({ calls = Number.POSITIVE_INFINITY, lanes }: Order): Promise<Outcome> {
  stopping = new AbortController()
  const { signal } = stopping
  const outcome: Outcome = { answers: {}, errors: {} }
  let begun = 0
  let done = 0
  const lane = async () => {
    while (begun < calls && !signal.aborted) {
      begun++
      try {
        count(outcome.answers, (await client.greet({ name: 'Ada' })).text)
      } catch (error) {
        count(outcome.errors, error instanceof RpcError ? `${error.code} ${error.message}` : String(error))
      }
      done++
      if (done % 100 === 0) process.send?.({ done })
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return outcome
}

function count(counts: Record<string, number>, key: string) {
  counts[key] = (counts[key] ?? 0) + 1
}
