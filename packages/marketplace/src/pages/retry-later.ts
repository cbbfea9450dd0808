import type { FastifyReply } from 'fastify'

const retryAfterSeconds = 5

/** Tells a program to come back in a moment, where a service is away. People get a page instead. */
export function retryLater(reply: FastifyReply): FastifyReply {
  return reply.code(503).header('retry-after', retryAfterSeconds)
}
