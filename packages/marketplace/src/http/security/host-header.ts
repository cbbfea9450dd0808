import type { FastifyInstance } from 'fastify'
import { httpError } from './http-error.ts'

// A name or an address, and maybe a port (RFC 3986, section 3.2). A comma is left out, as two hosts may have been joined by it.
const hostAndPort = /^(\[[\da-f:.]+\]|[\w.~!$&'()*+;=%-]+)(:\d*)?$/i

/** Refuses requests with no Host header, several, or a malformed one, as proxies may each read another host from them (RFC 9112). */
export function requireValidHost(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw: { headers, rawHeaders, httpVersion } }, _reply, done) => {
    const isMissing = headers.host === undefined && httpVersion !== '1.0'
    const isValid = !isMissing && countHosts(rawHeaders) <= 1 && hostAndPort.test(headers.host ?? 'none')
    done(isValid ? undefined : httpError(400, 'The Host header is malformed'))
  })
}

/** `rawHeaders` are names and values in turn. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count
}
