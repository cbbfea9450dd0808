import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError, errorJsonOf } from './api/api-error.ts'

/** Answers an error as JSON to the API, and as a page to people; hides the cause of internal ones. */
export async function answerError(
  error: FastifyError | ApiError,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const status = error.statusCode ?? 500
  if (status >= 500) request.log.error({ err: error }, 'the request failed')
  const message = status >= 500 ? 'The sandbox failed; its log says why.' : error.message
  const code = error instanceof ApiError ? error.code : status >= 500 ? 'internal' : 'invalid_request'
  reply.code(status)
  if (status === 429) reply.header('retry-after', '1')
  if (request.url.startsWith('/v1/')) return reply.send(errorJsonOf({ code, message }))
  return reply.viewAsync('message.hbs', { title: 'That did not work', message })
}
