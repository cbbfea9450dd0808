import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '@books/runtime'

/** What a message of every method says that can be followed. */
export interface WatchMessage {
  /** The revision that the follower has after this message. */
  revision: number
  /** Whether the follower now has everything. */
  isCurrent: boolean
}

/** What following another service takes. */
export interface FollowRevisionsDeps<Message extends WatchMessage> {
  /** The followed service, for the log. */
  name: string
  /** The method of its client. */
  watch(
    request: { afterRevision: number },
    options: { deadlineMs: number; signal: AbortSignal },
  ): AsyncIterable<Message>
  /** The revision that is stored. */
  revision: number
  /**
   * Stores what came, in its order, and the revision, in one transaction. Does nothing where another process has stored a later
   * revision. Once it rejects, the same comes again.
   */
  take(messages: readonly Message[], revision: number): Promise<void>
  /** Sets the stored revision to 0 where it is higher than the service's own, which has lost its data: everything comes again. */
  startOver?(highest: number): Promise<void>
  log: Log
  /** How long a call lasts before another takes its place. */
  callMs?: number | undefined
}

const defaultCallMs = 5 * 60_000
const minPauseMs = 100
const maxPauseMs = 5_000
// What came is taken after this long, even where there is more to come.
const gatherMs = 2_000

/**
 * Follows what another service tells, from the stored revision on. While it is unavailable everything stays as it is, and it is called
 * again with growing pauses.
 */
export function followRevisions<Message extends WatchMessage>(
  deps: FollowRevisionsDeps<Message>,
): { stop(): Promise<void> } {
  const { name, watch, take, log, callMs = defaultCallMs } = deps
  const stopping = new AbortController()
  const { signal } = stopping
  let { revision } = deps
  let isUnavailable: boolean | undefined

  /** Makes one call and takes all its messages. Rejects where it ends before everything had come. */
  async function watchOnce(): Promise<void> {
    let gathered: Message[] = []
    let gatheredSince = 0
    let isCurrent = false

    try {
      for await (const message of watch({ afterRevision: revision }, { deadlineMs: callMs, signal })) {
        if (message.revision < revision) await startOver(message.revision)
        if (gathered.length === 0) gatheredSince = performance.now()
        gathered.push(message)
        if (!message.isCurrent && performance.now() - gatheredSince < gatherMs) continue

        await take(gathered, message.revision)
        revision = message.revision
        gathered = []
        if (message.isCurrent) {
          isCurrent = true
          noteAvailable()
        }
      }
      if (!isCurrent) throw new Error(`${name} ended the call before it had sent everything`)
    } catch (error) {
      // A call that ends after that is normal: the next one continues, and reports it if that fails.
      if (!isCurrent) throw error
    }
  }

  async function startOver(highest: number): Promise<never> {
    await deps.startOver?.(highest)
    const before = revision
    revision = 0
    throw new Error(`${name} is at revision ${highest} and was at ${before}: everything is requested again`)
  }

  function noteUnavailable(err: unknown): void {
    if (signal.aborted || isUnavailable) return
    isUnavailable = true
    log.warn({ err }, `${name} is unavailable: what it told stays as it is`)
  }

  function noteAvailable(): void {
    if (isUnavailable === false) return
    isUnavailable = false
    log.info({ revision }, `follows ${name}`)
  }

  async function follow(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const began = performance.now()
      await watchOnce().catch(noteUnavailable)
      failures = performance.now() - began > maxPauseMs ? 0 : failures + 1
      const longest = Math.min(maxPauseMs, minPauseMs * 2 ** failures)
      // With jitter, so that replicas do not call at the same time.
      await pause(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {})
    }
  }

  const following = follow()
  return {
    async stop() {
      stopping.abort()
      await following
    },
  }
}
