import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { bounds, endings } from './bounds.ts'
import { openSharedRun } from './shared-run.ts'

/** What came of a snippet. */
export interface Outcome {
  output: string
  /** Empty where the snippet ran to its end. */
  error: string
}

/** A thread that runs one snippet at a time. */
export interface Sandbox {
  /** Runs a snippet. It ends early once the signal aborts. Never rejects, even where the thread ends. */
  run(source: string, signal: AbortSignal): Promise<Outcome>
  /** Resolves once the thread is gone: by `stop`, or because its snippet left no other way. */
  ended: Promise<void>
  /** Whether it can run another snippet. */
  isUsable(): boolean
  stop(): Promise<void>
}

/** What a sandbox is started with. */
export interface SandboxOptions {
  /** The compiled engine. */
  code: WebAssembly.Module
  /** How long a snippet may take, in milliseconds. */
  runMs: number
  /** How much later its thread is ended, where the engine is too busy to look at the clock or at a caller who goes away. */
  graceMs: number
  /** Told what a thread failed with that ended by itself. */
  onFault: (error: unknown) => void
}

/** What its thread is started with. */
export interface ThreadStart {
  code: WebAssembly.Module
  runMs: number
  memory: SharedArrayBuffer
}

/** Starts a thread for snippets, which knows no environment. */
export async function startSandbox({ code, runMs, graceMs, onFault }: SandboxOptions): Promise<Sandbox> {
  const shared = openSharedRun()
  const worker = new Worker(new URL('./sandbox.worker.ts', import.meta.url), {
    workerData: { code, runMs, memory: shared.memory } satisfies ThreadStart,
    env: {},
    argv: [],
    execArgv: [],
    resourceLimits: {
      stackSizeMb: bounds.threadStackMegabytes,
      maxOldGenerationSizeMb: bounds.threadHeapMegabytes,
    },
  })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const failed = ended.then(() => Promise.reject(new Error('the sandbox ended while it started')))
  await Promise.race([once(worker, 'message'), failed])

  let isUsable = true
  let ending = endings.brokenDown
  let finish = (_error: string) => {}
  worker.on('message', (error: string) => finish(error))
  worker.on('error', onFault)
  worker.on('exit', () => {
    isUsable = false
    finish(ending)
  })
  const giveUp = () => {
    isUsable = false
    ending = shared.isFull() ? endings.tooMuchOutput : endings.tooLong
    void worker.terminate()
  }

  return {
    ended,
    isUsable: () => isUsable,
    async run(source, signal) {
      shared.clear()
      let patience = setTimeout(giveUp, runMs + graceMs)
      const hurry = () => {
        shared.stop()
        clearTimeout(patience)
        patience = setTimeout(giveUp, graceMs)
      }
      signal.addEventListener('abort', hurry, { once: true })

      const error = await new Promise<string>((resolve) => {
        finish = resolve
        worker.postMessage(source)
      })
      clearTimeout(patience)
      signal.removeEventListener('abort', hurry)
      return { output: shared.readPrinted(), error }
    },
    async stop() {
      await worker.terminate()
    },
  }
}
