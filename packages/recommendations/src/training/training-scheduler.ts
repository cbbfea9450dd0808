import { performance } from 'node:perf_hooks'
import type { Log } from '@books/runtime'
import { ModelFileError } from '../model/model-file.ts'
import type { ModelStore } from '../model/model-store.ts'
import type { Serving } from '../model/serving.ts'
import type { Interaction } from '../readers/interaction.ts'
import type { Readers } from '../readers/readers.ts'
import { runTraining } from './trainer.ts'
import { trainingDataOf } from './training-data.ts'

/** What learning needs. */
export interface LearningDeps {
  /** Has the shelves and the model of today, and is given each model that is better than the one before. */
  serving: Serving
  readers: Readers
  models: ModelStore
  log: Log
  /** Threads of a training. */
  threads: number
  /** How often everything is trained anew. */
  trainEveryMs: number
  /** How long it must be quiet before the books that were touched are solved anew. */
  settleMs: number
}

/** Keeps the model fresh while the service runs. */
export interface Learning {
  /** Told what readers did. The books are solved anew once it is quiet. */
  noteTaken(interactions: readonly Interaction[]): void
  /** Trains everything anew. Resolves to false where another process trains for the same place. */
  train(): Promise<boolean>
  /** Ends a training that runs, and starts no other. */
  stop(): Promise<void>
}

const lookEveryMs = 5_000

/** Goes by the last good model, or trains the first one, and then keeps it fresh. */
export async function startLearning(deps: LearningDeps): Promise<Learning> {
  const { serving, readers, models, log, threads, trainEveryMs, settleMs } = deps
  const stopping = new AbortController()
  const touched = new Set<number>()
  let currentName: string | undefined
  const refused = new Set<string>()
  let running: Promise<unknown> = Promise.resolve()
  let settling: NodeJS.Timeout | undefined

  // The shelves may have changed since the training began: the model is fitted to those of now.
  async function adopt(bytes: Uint8Array, name = currentName): Promise<void> {
    await serving.useModel(bytes)
    currentName = name
  }

  // One after the other: a training begun later knows more, and must not be overtaken by an older one.
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = running.then(() => {
      stopping.signal.throwIfAborted()
      return work()
    })
    running = result.catch(() => {})
    return result
  }

  async function trainAll(): Promise<boolean> {
    const claim = await models.claim()
    if (!claim) return false
    try {
      const started = performance.now()
      const data = await trainingDataOf(serving.shelves, readers)
      const bytes = await runTraining({ data, threads }, { signal: stopping.signal })
      await adopt(bytes, await claim.save(bytes))
      const seconds = Number(((performance.now() - started) / 1000).toFixed(2))
      log.info({ readers: data.offsets.length - 1, likings: data.items.length, seconds }, 'trained a model')
      return true
    } finally {
      await claim.release()
    }
  }

  async function solveTouched(): Promise<void> {
    const { shelves, model } = serving
    const items = [...touched].flatMap((bookId) => shelves.itemOf(bookId) ?? [])
    touched.clear()
    if (!model || items.length === 0) return
    const data = await trainingDataOf(shelves, readers)
    await adopt(await runTraining({ data, threads, touched: { model, items } }, { signal: stopping.signal }))
    log.debug({ books: items.length }, 'solved the books anew that were touched')
  }

  function quietly(work: Promise<unknown>): void {
    work.catch((err) => {
      if (!stopping.signal.aborted) log.error({ err }, 'the model could not be brought up to date')
    })
  }

  // Another process may have trained: the newest model that is whole counts.
  async function lookForNewer(): Promise<void> {
    const newest = await models.findNewest()
    if (newest === undefined || newest === currentName) return
    for await (const { name, bytes } of models.listModels()) {
      if (name === currentName) return
      if (refused.has(name)) continue
      try {
        return await adopt(bytes, name)
      } catch (err) {
        if (!(err instanceof ModelFileError)) throw err
        refused.add(name)
        log.error({ model: name, reason: err.message }, 'a model is not used')
      }
    }
  }

  await lookForNewer()
  if (!serving.model) await inTurn(trainAll)
  const retraining = setInterval(() => quietly(inTurn(trainAll)), trainEveryMs)
  const looking = setInterval(() => quietly(inTurn(lookForNewer)), lookEveryMs)

  return {
    noteTaken(interactions) {
      for (const { bookId } of interactions) touched.add(bookId)
      clearTimeout(settling)
      settling = setTimeout(() => quietly(inTurn(solveTouched)), settleMs)
    },
    train: () => inTurn(trainAll),
    async stop() {
      clearInterval(retraining)
      clearInterval(looking)
      clearTimeout(settling)
      stopping.abort()
      await running
    },
  }
}
