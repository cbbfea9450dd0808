import { Worker } from 'node:worker_threads'

/**
 * Runs a module in a worker thread, with `job` as its data, and resolves to the first result that `readResult` finds in
 * a message. Aborting the signal ends the thread at once.
 */
export function runJob<Result>(
  module: URL,
  {
    job,
    readResult,
    signal,
  }: { job: object; readResult: (message: unknown) => Result | undefined; signal?: AbortSignal },
): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const worker = new Worker(module, { workerData: job })
    const stop = () => void worker.terminate()
    signal?.addEventListener('abort', stop, { once: true })

    worker.on('message', (message: unknown) => {
      const result = readResult(message)
      if (result !== undefined) resolve(result)
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      signal?.removeEventListener('abort', stop)
      reject(signal?.aborted ? signal.reason : new Error(`${module.pathname} ended without a result`))
    })
  })
}
