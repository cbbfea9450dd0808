import { performance } from 'node:perf_hooks'
import type { Log } from '@books/runtime'
import { importedModel } from '../model/model.ts'
import { ModelFileError } from '../model/model-file.ts'
import type { Lease, ModelStore } from '../model/model-store.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { SnapshotOwner } from '../model/snapshot-owner.ts'
import type { Interaction } from '../readers/interaction.ts'
import type { Readers } from '../readers/readers.ts'
import { createSerialQueue } from '../serial-queue.ts'
import { type StoredSnapshot, writeSnapshot } from '../snapshot/snapshot-file.ts'
import { runTrainingJob } from './run-training-job.ts'

/** What a training scheduler needs. */
export interface TrainingSchedulerDeps {
  /** Has the snapshot to train from, and takes each new model. */
  snapshots: SnapshotOwner
  readers: Pick<Readers, 'pack'>
  models: ModelStore
  /** Collects what is stored as a snapshot. */
  capture(current: Snapshot): Promise<StoredSnapshot>
  /** The snapshot that is stored; undefined where there is none. */
  saved: Snapshot | undefined
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
  const { snapshots, readers, models, capture, log, threads, trainEveryMs, settleMs } = deps
  const stopping = new AbortController()
  const { signal } = stopping
  // One after the other: a training that begins later knows more, and must not be overtaken by an older one.
  const queue = createSerialQueue(signal)
  const touched = new Set<number>()
  const refused = new Set<string>()
  let settling: NodeJS.Timeout | undefined
  let settlesBy = Number.POSITIVE_INFINITY
  let isSolvingQueued = false
  let { saved } = deps
  let hasNewInteractions = false

  async function trainAll(): Promise<boolean> {
    const lease = await models.acquireLease()
    if (!lease) return false
    try {
      const started = performance.now()
      const rows = await readers.pack()
      const bytes = await runTrainingJob({ itemIds: snapshots.current.bookIndex.itemIds, rows, threads }, { signal })
      await snapshots.useModel({ name: await lease.save(bytes), bytes })
      const seconds = Number(((performance.now() - started) / 1000).toFixed(2))
      const { readerCount, interactionCount } = snapshots.current.model.origin
      log.info({ readers: readerCount, likes: interactionCount, seconds }, 'trained a model')
      await saveSnapshot(lease)
      return true
    } finally {
      await lease.release()
    }
  }

  const isImported = () => snapshots.current.model.origin.hyperparameters === importedModel

  // A store without a snapshot only starts later, so a failure is logged and no more.
  async function saveSnapshot(lease: Lease): Promise<void> {
    const { current } = snapshots
    try {
      hasNewInteractions = false
      await lease.saveSnapshot(writeSnapshot(await capture(current)))
      saved = current
    } catch (err) {
      hasNewInteractions = true
      log.error({ err }, 'the snapshot could not be stored')
    }
  }

  async function saveIfChanged(): Promise<void> {
    if (snapshots.current === saved && !hasNewInteractions) return
    const lease = await models.acquireLease()
    if (!lease) return
    await saveSnapshot(lease)
    await lease.release()
  }

  async function solveTouched(): Promise<void> {
    isSolvingQueued = false
    const { bookIndex, stored } = snapshots.current
    const bookIds = [...touched]
    const items = bookIds.flatMap((bookId) => bookIndex.itemOf(bookId) ?? [])
    touched.clear()
    if (!stored || items.length === 0 || isImported()) return
    try {
      const { itemIds } = bookIndex
      const rows = await readers.pack()
      const model = stored.bytes
      const bytes = await runTrainingJob({ itemIds, rows, threads, touched: { model, items } }, { signal })
      await snapshots.useModel({ name: stored.name, bytes })
    } catch (error) {
      // They are solved with the next ones.
      for (const bookId of bookIds) touched.add(bookId)
      throw error
    }
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

  if (!snapshots.current.stored) {
    await loadNewer()
    if (!snapshots.current.stored) await queue.run(trainAll)
  }
  runInBackground(saveIfChanged)
  const retraining = setInterval(() => {
    if (!isImported()) runInBackground(trainAll)
  }, trainEveryMs)
  const loading = setInterval(() => runInBackground(loadNewer), loadNewerEveryMs)
  const saving = models.snapshotEveryMs && setInterval(() => runInBackground(saveIfChanged), models.snapshotEveryMs)

  return {
    noteInteractions(interactions) {
      hasNewInteractions ||= interactions.length > 0
      const preferences = interactions.filter(({ kind }) => kind !== 'viewed')
      if (preferences.length === 0) return
      for (const { bookId } of preferences) touched.add(bookId)
      const now = performance.now()
      settlesBy = Math.min(settlesBy, now + maxSettlingRatio * settleMs)
      clearTimeout(settling)
      settling = setTimeout(settle, Math.max(0, Math.min(settleMs, settlesBy - now)))
    },
    train: () => queue.run(trainAll),
    async stop() {
      clearInterval(retraining)
      clearInterval(loading)
      clearInterval(saving)
      clearTimeout(settling)
      stopping.abort()
      await queue.idle()
    },
  }
}
