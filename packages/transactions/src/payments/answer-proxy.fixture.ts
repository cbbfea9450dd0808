import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a provider that loses answers: the provider has had the request, and has answered. */
export interface AnswerProxy extends AsyncDisposable {
  url: string
  /** From now on the connection of an answer to a POST is dropped, or not any more. */
  dropPosts(drops: boolean): void
  /** No byte of the next answer arrives, and its connection stays open. Resolves once the provider has answered. */
  swallowNextAnswer(): Promise<void>
}

/** Starts a proxy in front of a provider at `http://host:port`. */
export async function startAnswerProxy(targetUrl: string): Promise<AnswerProxy> {
  const { hostname, port } = new URL(targetUrl)
  const sockets = new Set<Socket>()
  let dropsPosts = false
  let swallowsNext = false
  let onSwallowed = () => {}

  const server = createServer((client) => {
    const provider = connect(Number(port), hostname)
    let isSwallowed = false
    let isPost = false
    client.on('data', (bytes: Buffer) => {
      const method = /^(GET|POST) /.exec(bytes.toString('latin1', 0, 5))?.[1]
      if (method) isPost = method === 'POST'
      provider.write(bytes)
    })
    provider.on('data', (bytes) => {
      if (dropsPosts && isPost) client.destroy()
      if (swallowsNext) isSwallowed = true
      swallowsNext = false
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
    dropPosts(drops) {
      dropsPosts = drops
    },
    swallowNextAnswer() {
      swallowsNext = true
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
