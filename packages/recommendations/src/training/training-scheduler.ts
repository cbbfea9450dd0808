import { performance } from 'node:perf_hooks'
import type { Log } from '@books/runtime'
import { ModelFileError } from '../model/model-file.ts'
import type { ModelStore } from '../model/model-store.ts'
import type { SnapshotOwner } from '../model/snapshot-owner.ts'
import { type Interaction, preferenceOf } from '../readers/interaction.ts'
import type { Readers } from '../readers/readers.ts'
import { createSerialQueue } from '../serial-queue.ts'
import { runTrainingJob } from './run-training-job.ts'
import { trainingDataOf } from './training-data.ts'

/** What a training scheduler needs. */
export interface TrainingSchedulerDeps {
  /** Has the snapshot to train from, and takes each new model. */
  snapshots: SnapshotOwner
  readers: Readers
  models: ModelStore
  log: Log
  /** Threads of a training. */
  threads: number
  /** How often a full training runs. */
  trainEveryMs: number
  /** How long no preference must come before touched books are solved anew; under steady traffic they wait ten times as long. */
  settleMs: number
}

/** Keeps the model up to date while the service runs. */
export interface TrainingScheduler {
  /** Takes interactions that were recorded. Books for which they express a preference are then solved anew. */
  noteInteractions(interactions: readonly Interaction[]): void
  /** Runs a full training. Resolves to false where another process holds the lease. */
  train(): Promise<boolean>
  /** Aborts a training that runs, and starts no other. */
  stop(): Promise<void>
}

const loadNewerEveryMs = 5_000
// Under steady traffic no pause between two interactions is as long as `settleMs`.
const maxSettlingRatio = 10

/** Loads the newest usable model, or trains the first one, and keeps it up to date from then on. */
export async function startTrainingScheduler(deps: TrainingSchedulerDeps): Promise<TrainingScheduler> {
  const { snapshots, readers, models, log, threads, trainEveryMs, settleMs } = deps
  const stopping = new AbortController()
  const { signal } = stopping
  // One after the other: a training that begins later knows more, and must not be overtaken by an older one.
  const queue = createSerialQueue(signal)
  const touched = new Set<number>()
  const refused = new Set<string>()
  let settling: NodeJS.Timeout | undefined
  let settlesBy = Number.POSITIVE_INFINITY
  let isSolvingQueued = false

  async function trainAll(): Promise<boolean> {
    const lease = await models.acquireLease()
    if (!lease) return false
    try {
      const started = performance.now()
      const data = await trainingDataOf(snapshots.current.bookIndex, readers)
      const bytes = await runTrainingJob({ data, threads }, { signal })
      await snapshots.useModel({ name: await lease.save(bytes), bytes })
      const seconds = Number(((performance.now() - started) / 1000).toFixed(2))
      log.info({ readers: data.offsets.length - 1, likes: data.items.length, seconds }, 'trained a model')
      return true
    } finally {
      await lease.release()
    }
  }

  async function solveTouched(): Promise<void> {
    isSolvingQueued = false
    const { bookIndex, stored } = snapshots.current
    const items = [...touched].flatMap((bookId) => bookIndex.itemOf(bookId) ?? [])
    touched.clear()
    if (!stored || items.length === 0) return
    const data = await trainingDataOf(bookIndex, readers)
    const bytes = await runTrainingJob({ data, threads, touched: { model: stored.bytes, items } }, { signal })
    await snapshots.useModel({ name: stored.name, bytes })
    log.debug({ books: items.length }, 'solved the touched books anew')
  }

  // Another process may have trained, so the newest model that is not damaged is used.
  async function loadNewer(): Promise<void> {
    const inUse = snapshots.current.stored?.name
    const newest = await models.findNewest()
    if (newest === undefined || newest === inUse) return
    for await (const stored of models.listModels()) {
      if (stored.name === inUse) return
      if (refused.has(stored.name)) continue
      try {
        return await snapshots.useModel(stored)
      } catch (err) {
        if (!(err instanceof ModelFileError)) throw err
        refused.add(stored.name)
        log.error({ model: stored.name, reason: err.message }, 'a stored model is refused')
      }
    }
  }

  function runInBackground(task: () => Promise<unknown>): void {
    queue.run(task).catch((err) => {
      if (!signal.aborted) log.error({ err }, 'the model could not be updated')
    })
  }

  function settle(): void {
    settlesBy = Number.POSITIVE_INFINITY
    // One that has not begun will solve these books, too.
    if (isSolvingQueued) return
    isSolvingQueued = true
    runInBackground(solveTouched)
  }

  await loadNewer()
  if (!snapshots.current.stored) await queue.run(trainAll)
  const retraining = setInterval(() => runInBackground(trainAll), trainEveryMs)
  const loading = setInterval(() => runInBackground(loadNewer), loadNewerEveryMs)

  return {
    noteInteractions(interactions) {
      const telling = interactions.filter(preferenceOf)
      if (telling.length === 0) return
      for (const { bookId } of telling) touched.add(bookId)
      const now = performance.now()
      settlesBy = Math.min(settlesBy, now + maxSettlingRatio * settleMs)
      clearTimeout(settling)
      settling = setTimeout(settle, Math.max(0, Math.min(settleMs, settlesBy - now)))
    },
    train: () => queue.run(trainAll),
    async stop() {
      clearInterval(retraining)
      clearInterval(loading)
      clearTimeout(settling)
      stopping.abort()
      await queue.idle()
    },
  }
}
