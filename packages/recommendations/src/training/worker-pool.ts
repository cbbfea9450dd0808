/**
 * The threads of one training, as seen from one of them. All run the same program: the indices of each loop are shared
 * out, and a barrier at its end holds the threads until all are done. What a loop computes for an index must not depend
 * on the thread, and then neither does the result.
 */
export interface WorkerPool {
  /** Runs `work` for every number below `count`, each on one of the threads. */
  parallelFor(phase: string, count: number, work: (index: number) => void): void
  /** Runs `work` on the first thread. */
  single(phase: string, work: () => void): void
}

/** How far a phase is, as reported by the first thread. */
export interface Progress {
  readonly phase: string
  readonly done: number
  readonly count: number
}

/** Thrown in every thread of a pool that was cancelled. */
export class PoolCancelled extends Error {
  override readonly name = 'PoolCancelled'
}

/** The shared memory by which `size` threads synchronize. */
export interface PoolControl {
  readonly size: number
  readonly state: Int32Array
}

const nextIndex = 0
const arrived = 1
const round = 2
const cancelled = 3

/** Indices taken at once: enough that threads rarely contend, few enough that they end together. */
const blockSize = 16
/** How often a thread at the barrier checks for cancellation. */
const cancelCheckMs = 50

/** Creates the shared memory of a pool. */
export function createPoolControl(size: number): PoolControl {
  return { size, state: new Int32Array(new SharedArrayBuffer(4 * 4)) }
}

/** Makes every thread of the pool throw `PoolCancelled` soon. */
export function cancelPool({ state }: PoolControl) {
  Atomics.store(state, cancelled, 1)
}

/** Joins a pool as its thread number `worker`, from 0. A pool of one thread also works on the main thread. */
export function joinPool(
  { size, state }: PoolControl,
  worker = 0,
  onProgress: (progress: Progress) => void = () => {},
): WorkerPool {
  const report = worker === 0 ? onProgress : () => {}

  function checkCancelled() {
    if (Atomics.load(state, cancelled) === 1) throw new PoolCancelled('The training was cancelled')
  }

  function waitAtBarrier() {
    const current = Atomics.load(state, round)
    if (Atomics.add(state, arrived, 1) + 1 === size) {
      Atomics.store(state, arrived, 0)
      Atomics.store(state, nextIndex, 0)
      Atomics.add(state, round, 1)
      Atomics.notify(state, round)
      return
    }
    while (Atomics.load(state, round) === current) {
      checkCancelled()
      Atomics.wait(state, round, current, cancelCheckMs)
    }
  }

  return {
    parallelFor(phase, count, work) {
      for (;;) {
        checkCancelled()
        const from = Atomics.add(state, nextIndex, blockSize)
        if (from >= count) break
        for (let index = from; index < Math.min(from + blockSize, count); index++) work(index)
        report({ phase, done: Math.min(from + blockSize, count), count })
      }
      waitAtBarrier()
    },
    single(phase, work) {
      checkCancelled()
      if (worker === 0) {
        work()
        report({ phase, done: 1, count: 1 })
      }
      waitAtBarrier()
    },
  }
}
