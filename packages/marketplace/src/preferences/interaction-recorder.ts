import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { Interaction, InteractionKind, type RecordInteractionsResponse } from '@books/proto'
import type { Log } from '@books/runtime'
import type { Verdict } from './preferences.ts'

/** What a reader says about a book; `none` takes back what they said before. */
export interface Statement {
  bookId: number
  verdict: Verdict | 'none'
}

/** Has recommendations record what readers who are signed in say and see. */
export interface InteractionRecorder {
  /**
   * Records what a reader says, the newest first. Resolves when they count in recommendations, or when the first attempt failed: further ones
   * follow, for some minutes. Never rejects.
   */
  recordOpinions(readerId: number, statements: readonly Statement[]): Promise<void>
  /** Records that a reader opened the page of a book, once and without waiting. */
  recordView(readerId: number, bookId: number): void
  /** Ends the attempts. */
  close(): void
}

/** What the recorder needs. */
export interface RecorderDeps {
  recordInteractions(interactions: AsyncIterable<Interaction>): Promise<RecordInteractionsResponse>
  /** Whether recommendations do not answer just now. */
  isFailing(): boolean
  log: Log
}

const retryDelaysMs = [1_000, 10_000, 60_000, 300_000]
const maxRetrying = 1_000
const maxViewsUnderWay = 50
const reportEveryMs = 60_000

const kinds = {
  liked: InteractionKind.INTERACTION_KIND_LIKED,
  disliked: InteractionKind.INTERACTION_KIND_DISLIKED,
  none: InteractionKind.INTERACTION_KIND_NEUTRAL,
  viewed: InteractionKind.INTERACTION_KIND_VIEWED,
}

/** Creates the recorder. It retries opinions of at most a thousand readers at a time. At most fifty views are under way, and none is retried. */
export function createInteractionRecorder({ recordInteractions, isFailing, log }: RecorderDeps): InteractionRecorder {
  const closing = new AbortController()
  const reportLostViews = createLossReport(log)
  let retrying = 0
  let viewsUnderWay = 0

  async function isRecorded(interactions: readonly Interaction[]): Promise<boolean> {
    try {
      await recordInteractions(streamOf(interactions))
      return true
    } catch {
      return false
    }
  }

  async function retry(interactions: readonly Interaction[]): Promise<void> {
    retrying++
    try {
      for (const delayMs of retryDelaysMs) {
        await setTimeout(delayMs, undefined, { ref: false, signal: closing.signal })
        // The same ids: what was recorded before a failure has no effect.
        if (await isRecorded(interactions)) return
      }
      log.warn({ lost: interactions.length }, 'opinions of readers were not recorded')
    } finally {
      retrying--
    }
  }

  return {
    async recordOpinions(readerId, statements) {
      if (statements.length === 0) return
      const now = Date.now()
      const interactions = statements.map(({ bookId, verdict }, index) =>
        interactionOf({ userId: readerId, bookId, kind: kinds[verdict], time: new Date(now - index) }),
      )
      if (await isRecorded(interactions)) return
      // It rejects only when the shop closes.
      if (retrying < maxRetrying) retry(interactions).catch(() => {})
      else log.warn({ lost: interactions.length }, 'opinions of readers were not recorded')
    },

    recordView(readerId, bookId) {
      if (viewsUnderWay >= maxViewsUnderWay || isFailing()) return reportLostViews()
      viewsUnderWay++
      const view = interactionOf({ userId: readerId, bookId, kind: kinds.viewed, time: new Date() })
      void isRecorded([view]).then((recorded) => {
        viewsUnderWay--
        if (!recorded) reportLostViews()
      })
    },

    close: () => closing.abort(),
  }
}

function interactionOf(facts: Pick<Interaction, 'userId' | 'bookId' | 'kind' | 'time'>): Interaction {
  return Interaction.fromPartial({ id: randomUUID(), ...facts })
}

async function* streamOf(interactions: readonly Interaction[]): AsyncIterable<Interaction> {
  yield* interactions
}

/** Counts what was lost, in one line a minute at most. */
function createLossReport(log: Log): () => void {
  let lost = 0
  let reportedAt = Number.NEGATIVE_INFINITY
  return () => {
    lost++
    if (performance.now() - reportedAt < reportEveryMs) return
    reportedAt = performance.now()
    log.warn({ lost }, 'views of books were not recorded')
    lost = 0
  }
}
