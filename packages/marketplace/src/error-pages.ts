import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Shows people a page for whatever goes wrong, and says nothing of what went wrong inside. */
export function useErrorPages(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => showMessage(request, reply, 404))
  app.setErrorHandler((error: FastifyError, request, reply) => showError(error, request, reply))
}

/** The page for an error, also one that Fastify meets before it knows the route. */
export function showError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const code = error.statusCode ?? 500
  if (code >= 500) request.log.error({ err: error }, 'the page failed')
  return showMessage(request, reply, code)
}

const texts: Record<number, { heading: string; text: string }> = {
  404: { heading: 'No such page', text: 'The page may have moved, or its address has a slip in it.' },
  500: { heading: 'That went wrong', text: 'The fault is ours. Please try again in a moment.' },
  503: { heading: 'Just a moment', text: 'The shop is closing for a short while. Please try again shortly.' },
}
const badRequest = {
  heading: 'We did not understand that',
  text: 'Something about this address or request is malformed.',
}

function showMessage(request: FastifyRequest, reply: FastifyReply, code: number): FastifyReply {
  const { heading, text } = texts[code] ?? (code >= 500 ? texts[500] : undefined) ?? badRequest
  const requestId = code >= 500 ? request.id : undefined
  return reply.code(code).view('message.hbs', { title: `${heading} · Books`, heading, text, requestId })
}
