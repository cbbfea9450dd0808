import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { cacheControl } from './cache-control.ts'
import { isKnown, tagOf } from './entity-tags.ts'

/**
 * Says of every answer what may be kept of it, by its kind where its route has not said so. What may be kept has a tag, and
 * whoever has it already is told so in place of it.
 */
export function useCaching(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', ruleOf(reply))
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return done(null, payload)

    // As bytes from here on: it is encoded once, and not again to be measured, compressed and written.
    const body = typeof payload === 'string' ? Buffer.from(payload) : payload
    if (!isKept(request, reply)) return done(null, body)

    const tag = reply.getHeader('etag')?.toString() ?? tagOf(body)
    // In lower case, as the compression looks for it.
    reply.header('etag', tag).header('vary', isPage(reply) ? 'cookie, accept-encoding' : 'accept-encoding')
    if (!isKnown(request.headers['if-none-match'], tag)) return done(null, body)

    reply.code(304).removeHeader('content-type').removeHeader('content-length')
    done(null, null)
  })
}

function ruleOf(reply: FastifyReply): string {
  if (reply.statusCode !== 200) return cacheControl.nothing
  if (isPage(reply)) return cacheControl.page
  return typeOf(reply).startsWith('application/json') ? cacheControl.nothing : cacheControl.shared
}

function isKept({ method }: FastifyRequest, reply: FastifyReply): boolean {
  const isRead = method === 'GET' || method === 'HEAD'
  return isRead && reply.statusCode === 200 && reply.getHeader('cache-control') !== cacheControl.nothing
}

function isPage(reply: FastifyReply): boolean {
  return typeOf(reply).startsWith('text/html')
}

function typeOf(reply: FastifyReply): string {
  return reply.getHeader('content-type')?.toString() ?? ''
}
