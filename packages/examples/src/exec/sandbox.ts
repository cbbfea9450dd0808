import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { endings, limits } from './limits.ts'
import { openOutput } from './output.ts'
import type { Resource } from './resource-pool.ts'

/** What a snippet printed, and its error: empty if it ran to its end. */
export interface Outcome {
  output: string
  error: string
}

/** What the thread of a sandbox is asked to run, and the memory of the output. */
export interface Job {
  source: string
  memory: SharedArrayBuffer
}

/** A thread that runs one snippet at a time. */
export interface Sandbox extends Resource {
  /** Runs a snippet. Terminates the thread if the snippet takes too long or the signal aborts; the latter rejects. */
  run(source: string, signal: AbortSignal): Promise<Outcome>
}

/** Starts a thread for snippets, each of which may run for `runMs`. */
export async function startSandbox(runMs: number): Promise<Sandbox> {
  const options = { env: {}, argv: [], execArgv: [], resourceLimits: limits.thread }
  const worker = new Worker(new URL('./sandbox.worker.ts', import.meta.url), options)
  // Without a listener, an error between two runs would end the process; one during a run rejects it.
  worker.on('error', () => {})
  await once(worker, 'message')

  return {
    // A thread that has ended has no other id.
    isUsable: () => worker.threadId !== -1,
    async run(source, signal) {
      const output = openOutput()
      const timeout = AbortSignal.timeout(runMs)
      try {
        worker.postMessage({ source, memory: output.memory } satisfies Job)
        const [error] = await once(worker, 'message', { signal: AbortSignal.any([signal, timeout]) })
        return { output: output.read(), error }
      } catch (reason) {
        await worker.terminate()
        if (signal.aborted || !timeout.aborted) throw reason
        return { output: output.read(), error: endings.tooLong }
      }
    },
    stop: () => worker.terminate(),
  }
}
