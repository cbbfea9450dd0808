import { RpcError, Status } from '@books/rpc'
import type { FastifyInstance } from 'fastify'
import type { Backends } from '../../backends/backends.ts'
import { routes } from '../paths.ts'
import { retryLater } from '../retry-later.ts'

// Events of payments have some kilobytes.
const bodyLimit = 64 * 1024
const eventsPerMinute = 600
const minuteMs = 60_000
const eventCall = { deadlineMs: 6_000 }
const refused: ReadonlySet<Status> = new Set([Status.UNAUTHENTICATED, Status.INVALID_ARGUMENT])
// What is no part of an event, and may be secret.
const notPassedOn: ReadonlySet<string> = new Set(['cookie', 'authorization'])

/**
 * Takes the events of the payment provider, which signs them: the bytes go to transactions as they are. They are answered with 503
 * where they should come again.
 */
export function paymentEventRoutes({ transactions }: Pick<Backends, 'transactions'>) {
  return async (app: FastifyInstance) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    app.post<{ Body: Buffer | undefined }>(
      routes.paymentEvents,
      {
        bodyLimit,
        config: { formProtection: 'none' },
        onRequest: app.rateLimit({ max: eventsPerMinute, timeWindow: minuteMs }),
      },
      async ({ body = Buffer.alloc(0), headers, log }, reply) => {
        const passedOn = Object.entries(headers).flatMap(([name, value]) =>
          typeof value === 'string' && !notPassedOn.has(name) ? [[name, value]] : [],
        )
        try {
          await transactions.receivePaymentEvent({ body, headers: Object.fromEntries(passedOn) }, eventCall)
          return reply.code(204).send()
        } catch (error) {
          if (!(error instanceof RpcError)) throw error
          if (refused.has(error.code)) return reply.code(400).send()
          log.warn({ status: Status[error.code] }, 'an event of a payment has to come again')
          return retryLater(reply).send()
        }
      },
    )
  }
}
