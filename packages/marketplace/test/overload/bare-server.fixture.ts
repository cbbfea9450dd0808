import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// A process of its own that rejects every request at the lowest price: bare `node:http`, a page as long as that of the shop.
const body = Buffer.alloc(600, 'x')
const headers = { 'content-type': 'text/html; charset=utf-8', 'content-length': body.length, 'retry-after': '5' }
const server = createServer((_request, response) => {
  response.writeHead(503, headers).end(body)
})
process.on('disconnect', () => process.exit())
server.listen({ host: '127.0.0.1', port: 0 }, () => process.send?.((server.address() as AddressInfo).port))
