import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { RpcError, Status } from '@books/rpc'
import type { Random } from '../customers/random.ts'

/** Takes an event of the payment provider, like ReceivePaymentEvent. */
export type TakeEvent = (event: { body: Buffer; headers: Record<string, string> }) => Promise<unknown>

/** Stands in for the marketplace, to which the payment provider sends its events. */
export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string
  /** Says who takes the events; those that come before are refused. */
  passTo(take: TakeEvent): void
}

// How often an event is lost, taken twice, or taken and the answer lost.
const mishaps = { none: 85, loses: 5, repeats: 5, 'loses the answer': 5 }

/** Starts a receiver that passes on raw bytes and headers, and fails now and then where it has a source of chance. */
export async function startWebhookReceiver(random?: Random): Promise<WebhookReceiver> {
  let take: TakeEvent | undefined

  async function statusOf(request: IncomingMessage): Promise<number> {
    const body = await buffer(request)
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    )
    const mishap = random?.weighted(mishaps)
    if (mishap === 'loses' || !take) return 503
    try {
      await take({ body, headers })
      if (mishap === 'repeats') await take({ body, headers })
      return mishap === 'loses the answer' ? 500 : 204
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      return error.code === Status.UNAUTHENTICATED ? 400 : 503
    }
  }

  const server = createServer((request, response) => {
    statusOf(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/payments/events`,
    passTo(next) {
      take = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
