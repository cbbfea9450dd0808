import type { FastifyReply } from 'fastify'

const retryAfterSeconds = 5

/** Answers a program with 503 and `Retry-After`, where a service is unavailable. People get a page instead. */
export function retryLater(reply: FastifyReply): FastifyReply {
  return reply.code(503).header('retry-after', retryAfterSeconds)
}
