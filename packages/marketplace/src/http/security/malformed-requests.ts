import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { renderMessage } from '../../pages/error-pages.ts'
import type { SecurityHeaders } from './security-headers.ts'

/** Answers a connection on which this error occurred. */
export type ClientErrorHandler = (error: NodeJS.ErrnoException, socket: Socket) => void

const statuses: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }
const defaultStatus = 400

/**
 * Creates the handler of bytes that are not HTTP, or are not a whole request in time: it sends a page and closes the connection.
 * It logs nothing of the bytes, as they may be part of a cookie.
 */
export function createClientErrorHandler(app: FastifyInstance, securityHeaders: SecurityHeaders): ClientErrorHandler {
  const pages = new Map<number, string>()
  app.addHook('onReady', async () => {
    for (const status of [...Object.values(statuses), defaultStatus])
      pages.set(status, await renderMessage(app, status))
  })

  return ({ code = '' }, socket) => {
    const status = statuses[code] ?? defaultStatus
    const body = Buffer.from(pages.get(status) ?? '')
    if (socket.writable) {
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headersOf(body)}\r\n\r\n`)
      socket.write(body)
    }
    socket.destroySoon()
  }

  function headersOf(body: Buffer): string {
    const own = { 'content-type': 'text/html; charset=utf-8', 'content-length': body.length, connection: 'close' }
    return [...securityHeaders, ...Object.entries(own)].map(([name, value]) => `${name}: ${value}`).join('\r\n')
  }
}
