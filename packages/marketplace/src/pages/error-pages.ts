import { httpStatusOf, RpcError } from '@books/rpc'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { cacheControl } from '../http/caching/cache-control.ts'
import { findMasthead, type Masthead } from './show-page.ts'

/** Answers every error with a page, which hides the cause of internal errors. */
export function useErrorPages(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => showMessage(app, request, reply, 404))
  app.setErrorHandler((error: FastifyError, request, reply) => showError(app, error, request, reply))
}

/** Answers with the page for an error. */
export async function showError(
  app: FastifyInstance,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const code = error instanceof RpcError ? httpStatusOf(error) : (error.statusCode ?? 500)
  if (code >= 500) request.log.error({ err: error }, 'the page failed')
  return showMessage(app, request, reply, code)
}

interface Message {
  heading: string
  text: string
}

const failed: Message = { heading: 'That went wrong', text: 'The fault is ours. Please try again in a moment.' }
const badRequest: Message = { heading: 'We did not understand that', text: 'Something in the request is malformed.' }

const messages: Readonly<Record<number, Message>> = {
  403: {
    heading: 'That came from elsewhere',
    text: 'The form is not from this shop, or has been open for too long. Please go back, open its page anew, and try again.',
  },
  404: { heading: 'No such page', text: 'The page may have moved, or its address is misspelt.' },
  408: { heading: 'That took too long', text: 'The request did not arrive in time. Please try again.' },
  413: { heading: 'That is too much', text: 'No form of ours sends as much as this.' },
  414: { heading: 'That address is too long', text: 'No page of ours has such an address.' },
  415: { heading: 'That is no form', text: 'This shop reads what its own forms send, and nothing else.' },
  429: { heading: 'One thing at a time', text: 'That was a lot in a short time. Please wait a minute, and go on.' },
  431: {
    heading: 'That is too much',
    text: 'Your browser sent more along than we read. It may help to delete the cookies of this shop.',
  },
  503: {
    heading: 'The shop is full',
    text: 'More people came at once than we can serve. Please try again in a moment.',
  },
}

/** What else is on the page for an HTTP status. */
interface MessageContext extends Partial<Masthead> {
  requestId?: string | undefined
}

/** Renders the page for an HTTP status. */
export function renderMessage(app: FastifyInstance, code: number, context: MessageContext = {}): Promise<string> {
  const message = messages[code] ?? (code >= 500 ? failed : badRequest)
  return app.view('message.hbs', { title: `${message.heading} · Books`, ...message, ...context })
}

async function showMessage(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, code: number) {
  const masthead = await findMasthead(request, reply)
  return reply
    .code(code)
    .header('cache-control', cacheControl.noStore)
    .type('text/html; charset=utf-8')
    .send(await renderMessage(app, code, { ...masthead, requestId: code >= 500 ? request.id : undefined }))
}
