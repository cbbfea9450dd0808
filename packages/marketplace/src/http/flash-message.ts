import type { FastifyReply, FastifyRequest } from 'fastify'

const longest = 400
const keptSeconds = 60

/** Keeps a sentence for the next page that this browser opens. */
export function saveFlash(reply: FastifyReply, text: string): void {
  reply.setCookie(reply.server.cookieNames.flash, text.slice(0, longest).toWellFormed(), { maxAge: keptSeconds })
}

/** The sentence that was kept, which is then forgotten; undefined where there is none. */
export function takeFlash(request: FastifyRequest, reply: FastifyReply): string | undefined {
  const { flash } = request.server.cookieNames
  // An error may come before cookies are parsed.
  const cookie = request.cookies?.[flash]
  if (!cookie) return undefined
  reply.clearCookie(flash, { signed: false })
  const { valid, value } = request.unsignCookie(cookie)
  return valid && value !== null ? value : undefined
}
