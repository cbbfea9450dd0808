import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** A port that nobody listens on; 0 finds one, another is the answer itself, or undefined where it is taken. */
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
