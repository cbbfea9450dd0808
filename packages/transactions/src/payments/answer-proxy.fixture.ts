import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a provider that loses answers: the provider has had the request, and has answered. */
export interface AnswerProxy extends AsyncDisposable {
  url: string
  /** The connection of the next answer is dropped. */
  dropNextAnswer(): void
  /** No byte of the next answer arrives, and its connection stays open. Resolves once the provider has answered. */
  swallowNextAnswer(): Promise<void>
}

/** Starts a proxy in front of a provider at `http://host:port`. */
export async function startAnswerProxy(targetUrl: string): Promise<AnswerProxy> {
  const { hostname, port } = new URL(targetUrl)
  const sockets = new Set<Socket>()
  let loses: 'drop' | 'swallow' | undefined
  let onSwallowed = () => {}

  const server = createServer((client) => {
    const provider = connect(Number(port), hostname)
    let isSwallowed = false
    client.pipe(provider)
    provider.on('data', (bytes) => {
      if (loses === 'drop') client.destroy()
      else if (loses === 'swallow') isSwallowed = true
      loses = undefined
      if (isSwallowed) onSwallowed()
      else client.write(bytes)
    })
    for (const socket of [client, provider]) sockets.add(socket.on('error', () => {}))
    client.on('close', () => provider.destroy())
    provider.on('close', () => isSwallowed || client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dropNextAnswer() {
      loses = 'drop'
    },
    swallowNextAnswer() {
      loses = 'swallow'
      const swallowed = Promise.withResolvers<void>()
      onSwallowed = swallowed.resolve
      return swallowed.promise
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
