import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { cacheControl, cacheControlOf } from './cache-control.ts'
import { compress, pageEncodingFor } from './encodings.ts'
import { entityTagOf, matchesTag } from './entity-tags.ts'

/**
 * Adds HTTP caching and compression to every response: `Cache-Control` where the route has not set it, entity tags and 304 for
 * what may be stored, and compressed text.
 */
export function useHttpCaching(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const type = reply.getHeader('content-type')?.toString() ?? ''
    // An error is not stored, whatever its route said about a successful answer.
    if (reply.statusCode !== 200 || !reply.hasHeader('cache-control'))
      reply.header('cache-control', cacheControlOf(reply.statusCode, type))
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return done(null, payload)

    // Encoded only once, and not again to be hashed, compressed and written.
    const body = typeof payload === 'string' ? Buffer.from(payload) : payload
    if (!isStorable(request, reply)) return done(null, compressed(request, reply, body, type))

    const tag = reply.getHeader('etag')?.toString() ?? entityTagOf(body)
    reply
      .header('etag', tag)
      .header('vary', type.startsWith('text/html') ? 'Cookie, Accept-Encoding' : 'Accept-Encoding')
    const isKnown = matchesTag(request.headers['if-none-match'], tag)
    if (isKnown && !request.storePage) return done(null, notModified(request, reply, body))

    const encoded = compressed(request, reply, body, type)
    request.storePage?.(reply.getHeaders(), encoded)
    done(null, isKnown ? notModified(request, reply, encoded) : encoded)
  })
}

function isStorable({ method }: FastifyRequest, reply: FastifyReply): boolean {
  return (method === 'GET' || method === 'HEAD') && reply.getHeader('cache-control') !== cacheControl.noStore
}

function notModified({ method }: FastifyRequest, reply: FastifyReply, body: Buffer): Buffer | null {
  reply.code(304).removeHeader('content-type').removeHeader('content-encoding')
  // Fastify itself removes the body of an answer to HEAD.
  return method === 'HEAD' ? body : null
}

const isText = /^(text\/|image\/svg|application\/(json|xml|[a-z]+\+xml))/
// Smaller bodies fit into the packet that carries the headers.
const minBytes = 1024

/** Compresses a text that is not compressed yet, if the request accepts it. */
function compressed({ headers }: FastifyRequest, reply: FastifyReply, body: Buffer, type: string): Buffer {
  if (body.length < minBytes || !isText.test(type) || reply.hasHeader('content-encoding')) return body
  const encoding = pageEncodingFor(headers['accept-encoding'])
  if (encoding === 'identity') return body
  reply.header('content-encoding', encoding)
  return compress[encoding](body)
}
