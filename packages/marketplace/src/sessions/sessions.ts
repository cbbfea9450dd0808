import type { Account, GetSessionResponse } from '@books/proto'
import { type CallOptions, RpcError, Status } from '@books/rpc'
import { LRUCache } from 'lru-cache'
import { type Answer, type Backend, type BackendSettings, orMissing } from '../backends/backend.ts'

/** Whose a session is. */
export interface Sessions {
  /**
   * `account` is undefined for a session that has ended. An answer is remembered for three seconds. It is waited for as secondary
   * content is, or as the main content of a page.
   */
  find(token: string, options?: { isMain?: boolean }): Promise<Answer<{ account: Account | undefined }>>
  /** Has the next `find` ask accounts: for a session that this process has ended, or whose account it has changed. */
  forget(token: string): void
}

type GetSession = (request: { sessionToken: string }, options?: CallOptions) => Promise<GetSessionResponse>

// A session that has ended is refused within five seconds: these, and the two that an answer may be under way.
const rememberedMs = 3_000
// It has ended, or never was one.
const noSession: ReadonlySet<Status> = new Set([Status.UNAUTHENTICATED, Status.INVALID_ARGUMENT])
// Sessions that were forgotten, of which answers may be cached.
const maxForgotten = 10_000

/** The settings of the backend that sessions ask: no answer is used for longer than a session that has ended may be. */
export function sessionSettings(settings: BackendSettings): BackendSettings {
  const FRESH_MS = Math.min(settings.FRESH_MS, rememberedMs)
  return { ...settings, FRESH_MS, STALE_MS: FRESH_MS }
}

/** Creates the sessions. The settings of the backend must be those of `sessionSettings`. */
export function createSessions(backend: Backend, getSession: GetSession): Sessions {
  const revisions = new LRUCache<string, number>({ max: maxForgotten })
  const revisionOf = (token: string) => revisions.get(token) ?? 0

  async function findAccount(sessionToken: string): Promise<{ account: Account | undefined }> {
    try {
      return { account: (await getSession({ sessionToken }, { deadlineMs: backend.deadlineMs })).account }
    } catch (error) {
      // The answer of a healthy service, which must not open the circuit breaker.
      if (error instanceof RpcError && noSession.has(error.code)) return { account: undefined }
      throw error
    }
  }

  return {
    async find(token, { isMain = false } = {}) {
      const key = `session ${token} ${revisionOf(token)}`
      const asked = backend.ask(key, () => backend.fire(() => findAccount(token)), { isSecondary: !isMain })
      const { value, fallback } = await orMissing(backend, asked)
      // An older answer does not say whether the session has ended since.
      return { value: fallback === undefined ? value : undefined, fallback }
    },
    forget(token) {
      revisions.set(token, revisionOf(token) + 1)
    },
  }
}
