/**
 * The threads of one training. All of them run the same program; a team shares out its loops and lets nobody go on
 * before everybody is done. What a loop computes for an index must not depend on the thread, and then neither does the result.
 */
export interface Team {
  /** Runs `work` for every number below `count`, each on one of the threads. */
  each(phase: string, count: number, work: (index: number) => void): void
  /** Runs `work` on the first thread. */
  alone(phase: string, work: () => void): void
}

/** How far a phase is, as told by the first thread. */
export interface Progress {
  readonly phase: string
  readonly done: number
  readonly count: number
}

/** Thrown in every thread of a team that was cancelled. */
export class TeamCancelled extends Error {
  override readonly name = 'TeamCancelled'
}

/** The shared memory by which a team of `size` threads keeps together. */
export interface TeamControl {
  readonly size: number
  readonly state: Int32Array
}

const nextIndex = 0
const arrived = 1
const round = 2
const cancelled = 3

/** Indices taken at once: enough that threads rarely meet, few enough that they end together. */
const blockSize = 16
/** How long a waiting thread sleeps before it looks again whether the team was cancelled. */
const waitForReadyMs = 50

/** Creates what the threads of a team share. */
export function createTeamControl(size: number): TeamControl {
  return { size, state: new Int32Array(new SharedArrayBuffer(4 * 4)) }
}

/** Makes every thread of the team throw `TeamCancelled` soon. */
export function cancelTeam({ state }: TeamControl) {
  Atomics.store(state, cancelled, 1)
}

/** Joins a team as its thread number `member`, from 0. A team of one can also work on the main thread. */
export function joinTeam(control: TeamControl, member = 0, onProgress: (progress: Progress) => void = () => {}): Team {
  const { size, state } = control
  const report = member === 0 ? onProgress : () => {}

  function checkCancelled() {
    if (Atomics.load(state, cancelled) === 1) throw new TeamCancelled('The training was cancelled')
  }

  function meet() {
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
      Atomics.wait(state, round, current, waitForReadyMs)
    }
  }

  return {
    each(phase, count, work) {
      for (;;) {
        checkCancelled()
        const from = Atomics.add(state, nextIndex, blockSize)
        if (from >= count) break
        for (let index = from; index < Math.min(from + blockSize, count); index++) work(index)
        report({ phase, done: Math.min(from + blockSize, count), count })
      }
      meet()
    },
    alone(phase, work) {
      checkCancelled()
      if (member === 0) {
        work()
        report({ phase, done: 1, count: 1 })
      }
      meet()
    },
  }
}
