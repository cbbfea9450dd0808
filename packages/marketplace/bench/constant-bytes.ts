import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openShop } from '../src/shop.fixture.ts'
import { acceptEncodings } from './accept-encodings.ts'
import { variablesOver } from './shop-settings.ts'

/** The page of a reader without preferences as bytes in each encoding, sent by bare `node:http`. */
export async function startConstantBytes(servicesPort: number): Promise<number> {
  const { app, close } = await openShop(variablesOver(servicesPort))
  const pages = new Map<string | undefined, { headers: Record<string, string>; body: Buffer }>()
  for (const accepted of Object.values(acceptEncodings)) {
    const { headers, rawPayload } = await app.inject({ url: '/', headers: { 'accept-encoding': accepted } })
    const names = ['content-type', 'content-length', 'content-encoding']
    const sent = names.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : []))
    pages.set(accepted, { headers: Object.fromEntries(sent), body: rawPayload })
  }
  await close()

  const server = createServer((request, response) => {
    const { headers, body } = pages.get(request.headers['accept-encoding'])!
    response.writeHead(200, headers).end(body)
  })
  server.listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
