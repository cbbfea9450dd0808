import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { cacheControl, ruleFor } from './cache-control.ts'
import { compress, encodingFor } from './encodings.ts'
import { isKnown, tagOf } from './entity-tags.ts'

/**
 * Sends every answer as it is best kept and carried. It says what may be kept of it, by its kind where its route has not
 * said so; what may be kept has a tag, and whoever has it already is told so in its place; and what is text is compressed.
 */
export function useDelivery(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const type = reply.getHeader('content-type')?.toString() ?? ''
    // What went wrong is not kept, whatever the route said of what it would have answered.
    if (reply.statusCode !== 200 || !reply.hasHeader('cache-control'))
      reply.header('cache-control', ruleFor(reply.statusCode, type))
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return done(null, payload)

    // As bytes from here on: it is encoded once, and not again to be measured, compressed and written.
    const body = typeof payload === 'string' ? Buffer.from(payload) : payload
    if (isKept(request, reply)) {
      const tag = reply.getHeader('etag')?.toString() ?? tagOf(body)
      reply
        .header('etag', tag)
        .header('vary', type.startsWith('text/html') ? 'Cookie, Accept-Encoding' : 'Accept-Encoding')
      if (isKnown(request.headers['if-none-match'], tag)) return done(null, asKnown(request, reply, body))
    }
    done(null, asAccepted(request, reply, body, type))
  })
}

function isKept({ method }: FastifyRequest, reply: FastifyReply): boolean {
  return (method === 'GET' || method === 'HEAD') && reply.getHeader('cache-control') !== cacheControl.nothing
}

/** Answers that nothing has changed. */
function asKnown({ method }: FastifyRequest, reply: FastifyReply, body: Buffer): Buffer | null {
  reply.code(304).removeHeader('content-type').removeHeader('content-encoding')
  // Fastify takes the body off the answer to HEAD itself.
  return method === 'HEAD' ? body : null
}

const isText = /^(text\/|image\/svg|application\/(json|xml|[a-z]+\+xml))/
const encodings = ['zstd', 'br', 'gzip'] as const
// Less fits into the packet that the headers are in.
const leastBytes = 1024

/** Compresses a body that is not compressed yet, if its visitor takes it so. */
function asAccepted({ headers }: FastifyRequest, reply: FastifyReply, body: Buffer, type: string): Buffer {
  if (body.length < leastBytes || !isText.test(type) || reply.hasHeader('content-encoding')) return body
  const encoding = encodingFor(headers['accept-encoding'], encodings)
  if (!encoding) return body
  reply.header('content-encoding', encoding)
  return compress[encoding](body)
}
