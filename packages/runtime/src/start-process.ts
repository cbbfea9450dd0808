import closeWithGrace from 'close-with-grace'
import { StartError } from './start-error.ts'

/** Something that runs until it is stopped. */
export interface Running {
  stop(): Promise<void>
}

/** How long a clean stop may take, in milliseconds, before the process is ended; whoever kills it must wait for longer. */
export const longestStopMs = 25_000

/** What a process may be told about its end. */
interface ProcessOptions {
  /** How long a clean stop may take, in milliseconds, before the process is ended. */
  graceMs?: number
}

/**
 * Runs a process: starts it, and stops it cleanly on SIGTERM or SIGINT. A second signal, or a stop that outlasts
 * its grace period, ends it at once. What cannot start is told in one line, and the exit code is 1.
 */
export async function startProcess(
  name: string,
  start: () => Promise<Running>,
  { graceMs = longestStopMs }: ProcessOptions = {},
) {
  // Begins only after the signals are looked after.
  const starting = Promise.resolve().then(start)
  closeWithGrace({ delay: graceMs, logger: false }, async ({ err }) => {
    if (err) console.error(err)
    const running = await starting
    await running.stop()
  })

  try {
    await starting
  } catch (error) {
    console.error(isOutside(error) ? `${name}: ${error.message}` : error)
    process.exit(1)
  }
}

// A wrong setting or the operating system's no: the message says it all. Anything else is a fault and shows its stack.
function isOutside(error: unknown): error is Error {
  return error instanceof StartError || (error instanceof Error && 'syscall' in error)
}
