/** Runs tasks one after the other. */
export interface SerialQueue {
  /** Runs a task after all earlier ones. Rejects with the signal's reason where it was aborted before the task's turn. */
  run<Result>(task: () => Promise<Result>): Promise<Result>
  /** Resolves once every task has ended. */
  idle(): Promise<void>
}

/** Creates a queue that starts no task once the signal is aborted. */
export function createSerialQueue(signal: AbortSignal): SerialQueue {
  let last: Promise<unknown> = Promise.resolve()

  return {
    run(task) {
      const result = last.then(() => {
        signal.throwIfAborted()
        return task()
      })
      last = result.catch(() => {})
      return result
    },
    async idle() {
      await last
    },
  }
}
