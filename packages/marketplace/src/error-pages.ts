import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Shows people a page for whatever goes wrong, and says nothing of what went wrong inside. */
export function useErrorPages(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => showMessage(app, request, reply, 404))
  app.setErrorHandler((error: FastifyError, request, reply) => showError(app, error, request, reply))
}

/** Answers with the page for an error, also for one that Fastify meets before it knows the route. */
export async function showError(
  app: FastifyInstance,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const code = error.statusCode ?? 500
  if (code >= 500) request.log.error({ err: error }, 'the page failed')
  return showMessage(app, request, reply, code)
}

const notFound = { heading: 'No such page', text: 'The page may have moved, or its address has a slip in it.' }
const badRequest = { heading: 'We did not understand that', text: 'Something in the request is malformed.' }
const failed = { heading: 'That went wrong', text: 'The fault is ours. Please try again in a moment.' }

async function showMessage(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, code: number) {
  const isOurs = code >= 500
  const message = isOurs ? failed : code === 404 ? notFound : badRequest
  const page = { title: `${message.heading} · Books`, ...message, requestId: isOurs ? request.id : undefined }

  return reply
    .code(code)
    .type('text/html; charset=utf-8')
    .send(await app.view('message.hbs', page))
}
