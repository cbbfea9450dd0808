import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { httpError } from './http-error.ts'

// A name or an address, and maybe a port (RFC 3986, section 3.2). A comma is left out, as two hosts may have been joined by it.
const hostAndPort = /^(\[[\da-f:.]+\]|[\w.~!$&'()*+;=%-]+)(:\d*)?$/i

/** Refuses requests without a valid Host header. */
export function requireValidHost(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    done(hasValidHost(raw) ? undefined : httpError(400, 'The Host header is malformed'))
  })
}

/** Whether a request has one Host header that is well-formed: of others, proxies may each read another host (RFC 9112). */
export function hasValidHost({ headers: { host }, rawHeaders, httpVersion }: IncomingMessage): boolean {
  if (host === undefined) return httpVersion === '1.0'
  return hostAndPort.test(host) && countHosts(rawHeaders) === 1
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
