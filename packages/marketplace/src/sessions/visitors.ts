import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { clearSession, readSessionToken } from './session-cookie.ts'
import type { Sessions } from './sessions.ts'
import type { Visitor } from './visitor.ts'

declare module 'fastify' {
  interface FastifyInstance {
    sessions: Sessions
  }
  interface FastifyRequest {
    /** Read by `visitorOf`. */
    visitor: Promise<Visitor> | null
  }
}

const guest: Visitor = { kind: 'guest' }

/** Lets `visitorOf` find who visits. */
export function useVisitors(app: FastifyInstance, sessions: Sessions): void {
  app.decorate('sessions', sessions)
  app.decorateRequest('visitor', null)
}

/** Begins to find who visits before each route that is registered after this, so that a page waits for all its answers at once. */
export function findVisitorsEarly(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    void visitorOf(request, reply)
    done()
  })
}

/**
 * Finds who visits. The cookies of a session that has ended are removed. Never rejects, and asks nothing for a guest. Where the visitor
 * is what the page is about, the first call for a request says `isMain`, and waits for as long as for main content.
 */
export function visitorOf(request: FastifyRequest, reply: FastifyReply, { isMain = false } = {}): Promise<Visitor> {
  request.visitor ??= findVisitor(request, reply, isMain)
  return request.visitor
}

async function findVisitor(request: FastifyRequest, reply: FastifyReply, isMain: boolean): Promise<Visitor> {
  const token = readSessionToken(request)
  if (token === undefined) return guest

  const { value } = await request.server.sessions.find(token, { isMain })
  if (!value) return { kind: 'unknown' }
  const { account } = value
  if (account) return { kind: 'reader', account, token }
  clearSession(reply)
  return guest
}
