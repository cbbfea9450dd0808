import type { ServiceError } from '@grpc/grpc-js'
import { type RpcError, Status } from '../call/rpc-error.ts'
import type { Method } from '../call/service.ts'
import { errorOf } from '../call/status.ts'
import type { Transport } from './transport.ts'

// What grpc-js says of a call that it could not send to anybody, and of one for which it got REFUSED_STREAM, with which
// HTTP/2 promises that nothing was done (RFC 9113, 8.7). Neither has an error code of its own.
const unsent = /^(round_robin: )?No (connection established|addresses resolved)|^Name resolution failed/
const refused = /^Stream refused by server$/

type Fate = 'unsent' | 'refused' | 'lost'

/** What became of the calls that failed without a word from a server. */
const fates = new WeakMap<RpcError, Fate>()

/** The error that a caller gets for a failed call of grpc-js. */
export function failureOf(error: ServiceError): RpcError {
  const failure = errorOf(error)
  // A status that a server sends by itself comes with its content type; what grpc-js says of its own has none.
  const isAnswered = error.metadata.get('content-type').length > 0
  if (failure.code === Status.UNAVAILABLE && !isAnswered) fates.set(failure, fateOf(error.details))
  return failure
}

function fateOf(details: string): Fate {
  if (unsent.test(details)) return 'unsent'
  return refused.test(details) ? 'refused' : 'lost'
}

/** What there is to know before a call is made again. */
export interface LostCalls {
  /** The paths of the methods that may be called again without harm. */
  readOnly: readonly string[]
  /** Whether there is no connection to try again on. */
  isOut: () => boolean
}

/**
 * Makes calls again that no server answered: those that were not sent or that were refused, whatever they do, and
 * read-only ones whose connection was lost under them. grpc's own retries stop after some failures in a row, and a server that dies with dozens of calls is that many at
 * once. The budget is a tenth of the calls that succeeded, so this, too, adds nothing to a server that answers nobody.
 */
export function retryLost(transport: Transport, { readOnly, isOut }: LostCalls): Transport {
  const paths = new Set(readOnly)
  const budget = createBudget({ perSuccess: 0.1, most: 500 })
  const mayRetry = ({ path }: Method, error: unknown) => {
    const fate = fates.get(error as RpcError)
    if (!fate || isOut()) return false
    return fate === 'unsent' || ((fate === 'refused' || paths.has(path)) && budget.spend())
  }

  return {
    ...transport,
    async one(method, input, call) {
      for (;;) {
        try {
          const answer = await transport.one(method, input, call)
          budget.earn()
          return answer
        } catch (error) {
          // What a caller streams is gone once it is sent.
          if (method.requestStream || !mayRetry(method, error)) throw error
        }
      }
    },
    many(method, input, call) {
      const start = () => transport.many(method, input, call)
      return method.requestStream ? start() : untilFirst(start, (error) => mayRetry(method, error), budget.earn)
    },
  }
}

/** A stream that begins anew until it has given something. */
async function* untilFirst(
  start: () => AsyncIterable<unknown>,
  mayRetry: (error: unknown) => boolean,
  succeed: () => void,
) {
  let hasGiven = false
  for (;;) {
    try {
      for await (const answer of start()) {
        hasGiven = true
        yield answer
      }
      succeed()
      return
    } catch (error) {
      if (hasGiven || !mayRetry(error)) throw error
    }
  }
}

interface Budget {
  earn(): void
  /** Takes one from the budget, if there is one. */
  spend(): boolean
}

function createBudget({ perSuccess, most }: { perSuccess: number; most: number }): Budget {
  let tokens = 0
  return {
    earn() {
      tokens = Math.min(tokens + perSuccess, most)
    },
    spend() {
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
