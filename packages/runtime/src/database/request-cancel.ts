import { once } from 'node:events'
import { type Client, Connection } from 'pg'

// What the types of pg leave out.
interface Keys {
  processID: number
  secretKey: number
}
interface CancelConnection extends Connection {
  connect(portOrPath: number | string, host?: string): void
  requestSsl(): void
  cancel(processId: number, secretKey: number): void
}

/**
 * Asks the server to cancel what a connection runs, by the protocol's own request, which poolers pass on. Resolves once the server
 * has closed the connection of the request: a later statement cannot be cancelled by it. Rejects where it cannot be made in time.
 */
export async function requestCancel(client: Client, withinMs: number): Promise<void> {
  const { processID, secretKey, host, port, ssl } = client as Client & Keys
  const connection = new Connection({ ssl }) as CancelConnection
  const send = () => connection.cancel(processID, secretKey)
  connection.on('connect', () => (ssl ? connection.requestSsl() : send()))
  connection.on('sslconnect', send)
  try {
    const ended = once(connection, 'end', { signal: AbortSignal.timeout(withinMs) })
    if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`)
    else connection.connect(port, host)
    await ended
  } finally {
    connection.on('error', () => {})
    connection.stream.destroy()
  }
}
