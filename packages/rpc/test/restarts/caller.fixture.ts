import { RpcError } from '../../src/call/rpc-error.ts'
import { TourService, tourDescriptors } from '../../src/call/tour.fixture.ts'
import { createClient } from '../../src/client/client.ts'

/** An order to a caller: `lanes` calls at a time, `calls` in total or until it is stopped. */
export interface Order {
  calls?: number
  lanes: number
}

/** The result of an order: the number of responses by replica, and of errors by message. */
export interface Outcome {
  answers: Record<string, number>
  errors: Record<string, number>
}

/**
 * A process that makes calls. Its arguments are the address and the read-only methods. It receives an order as a message,
 * reports its progress at times, and the result at the end.
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
