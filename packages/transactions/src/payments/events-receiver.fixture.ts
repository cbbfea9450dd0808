import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SentEvent } from './provider-under-test.fixture.ts'

/** A server that takes events, and keeps them. */
export interface EventsReceiver extends AsyncDisposable {
  url: string
  /** Resolves to the first event whose body has this text. */
  waitFor(text: string): Promise<SentEvent>
}

/** Starts a server that takes events. */
export async function startEventsReceiver(): Promise<EventsReceiver> {
  const events: SentEvent[] = []
  const waiting = new Set<() => void>()
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    events.push({ body: Buffer.concat(chunks), headers: request.headers as Record<string, string> })
    response.end()
    for (const look of waiting) look()
  }
  const server = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    waitFor: (text) =>
      new Promise((resolve) => {
        const look = () => {
          const found = events.find(({ body }) => Buffer.from(body).includes(text))
          if (found) resolve(found)
        }
        waiting.add(look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
