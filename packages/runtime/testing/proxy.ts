import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a PostgreSQL server that a test can break without either side being told. */
export interface Proxy extends AsyncDisposable {
  /** The database of the server, through the proxy. */
  url: string
  /**
   * From now on no byte of the connections that are open passes, and none of them is closed; new connections work. Resolves once
   * something was swallowed.
   */
  swallowOpen(): Promise<void>
  /** From now on new connections are accepted, and no byte of them passes. */
  swallowNew(): void
  /** Breaks the open connections, and every new one, until `accept`. */
  refuse(): void
  accept(): void
}

/** Starts a proxy in front of a server that listens on a socket file. */
export async function startProxy(serverUrl: string): Promise<Proxy> {
  const target = new URL(serverUrl)
  const path = `${target.searchParams.get('host')}/.s.PGSQL.5432`
  const sockets = new Set<Socket>()
  let open: { isSwallowed: boolean }[] = []
  let swallowsNew = false
  let refuses = false
  let onSwallowed = () => {}

  const server = createServer((client) => {
    if (refuses) {
      client.resetAndDestroy()
      return
    }
    const way = { isSwallowed: swallowsNew }
    const backend = connect(path)
    open.push(way)
    for (const [from, to] of [
      [client, backend],
      [backend, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => {})
      from.on('data', (bytes) => {
        if (way.isSwallowed) onSwallowed()
        else to.write(bytes)
      })
      from.on('close', () => way.isSwallowed || to.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `postgresql://${target.username}@127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname}`,
    swallowOpen() {
      for (const way of open) way.isSwallowed = true
      open = []
      const swallowed = Promise.withResolvers<void>()
      onSwallowed = swallowed.resolve
      return swallowed.promise
    },
    swallowNew() {
      swallowsNew = true
    },
    refuse() {
      refuses = true
      for (const socket of sockets) socket.destroy()
    },
    accept() {
      refuses = false
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
