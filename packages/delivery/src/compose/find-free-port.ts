import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** Finds a free port: any one for 0, else the wanted one, or undefined where it is in use. */
export async function findFreePort(wanted: number): Promise<number | undefined> {
  const server = createServer()
  try {
    server.listen(wanted)
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  } catch {
    return undefined
  } finally {
    server.close()
  }
}
