import closeWithGrace from 'close-with-grace'
import { maxTimerMs } from './max-timer.ts'
import { findStartProblem } from './start-problem.ts'

/** Something that runs until it is stopped. */
export interface Running {
  stop(): Promise<void>
}

/** What a process runs. */
export interface Program {
  /** How long a clean stop may take, in milliseconds, before the process is ended: at most 24.8 days. */
  stopWithinMs: number
  start(): Promise<Running>
}

/**
 * Runs a process: starts it, and stops it cleanly on SIGTERM or SIGINT. A second signal, or a stop that takes longer than
 * `stopWithinMs`, ends it at once with exit code 1. A problem that an operator can solve, of a setting, the operating system or the
 * database, is printed as one line, and the exit code is 1, too.
 */
export async function startProcess(name: string, prepare: () => Program): Promise<void> {
  try {
    const { stopWithinMs, start } = prepare()
    // Starts only after the signal handlers are installed.
    const starting = Promise.resolve().then(start)
    closeWithGrace({ delay: Math.min(stopWithinMs, maxTimerMs), logger: false }, async ({ err }) => {
      if (err) console.error(err)
      const running = await starting
      await running.stop()
    })
    await starting
  } catch (error) {
    const problem = findStartProblem(error)
    // Any other error is a bug, and its stack is printed.
    console.error(problem === undefined ? error : `${name}: ${problem}`)
    process.exit(1)
  }
}
