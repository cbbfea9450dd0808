import type { FastifyInstance } from 'fastify'
import { httpError } from './http-error.ts'

// A name or an address, and maybe a port (RFC 3986, section 3.2). A comma is left out, as two hosts may have been joined by it.
const hostAndPort = /^(\[[\da-f:.]+\]|[\w.~!$&'()*+;=%-]+)(:\d*)?$/i

/** Refuses requests with no Host header, several, or a malformed one, as proxies may each read another host from them (RFC 9112). */
export function requireValidHost(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw: { headers, rawHeaders, httpVersion } }) => {
    const count = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length
    const isMissing = headers.host === undefined && httpVersion !== '1.0'
    if (count > 1 || isMissing || !hostAndPort.test(headers.host ?? 'none'))
      throw httpError(400, 'The Host header is malformed')
  })
}
