import { Worker } from 'node:worker_threads'

/** The exports of a live server's module. */
export interface LiveServerModule {
  /** Starts the server and resolves once it responds to calls. The results of `startServer` and `serve` fit. */
  start(settings?: unknown): Promise<{ port: number; stop(): Promise<void> }>
}

/** Options of a live server. */
export interface LiveServerOptions {
  /** The argument of the module's `start`: anything that can be cloned. */
  settings?: unknown
  /** How long the start may take, and the stop, in milliseconds. */
  withinMs?: number | undefined
}

/** A server in a thread of its own. */
export interface LiveThread {
  port: number
  /** Resolves after a stop. Rejects with the error of a server that fails. */
  ended: Promise<void>
  /** Stops the server and ends its thread. Rejects like `ended`, and where the server does not stop in time. */
  stop(): Promise<void>
}

/** The data of the worker thread. */
export interface LiveServerData {
  url: string
  settings: unknown
}

/** Runs the `start` of a module in a thread of its own, under plain Node. Rejects with the error that `start` fails with. */
export async function startThread(url: URL, options: LiveServerOptions = {}): Promise<LiveThread> {
  const { settings, withinMs = 10_000 } = options
  const workerData: LiveServerData = { url: url.href, settings }
  const worker = new Worker(new URL('./live-server.worker.ts', import.meta.url), { workerData, execArgv: [] })

  const started = Promise.withResolvers<number>()
  const ended = Promise.withResolvers<void>()
  let isStopping = false
  const fail = (error: unknown) => {
    started.reject(error)
    ended.reject(error)
  }
  started.promise.catch(() => {})
  ended.promise.catch(() => {})
  worker.on('message', started.resolve)
  worker.on('error', fail)
  worker.on('exit', (code) => {
    // The promises keep an error that the thread reported before.
    if (!isStopping || code !== 0)
      fail(new Error(`the live server of ${url.href} ended by itself, with exit code ${code}`))
    ended.resolve()
  })

  const inTime = async <Result>(step: string, result: Promise<Result>): Promise<Result> => {
    const giveUp = () => {
      fail(new Error(`the live server of ${url.href} did not ${step} within ${withinMs} ms`))
      void worker.terminate()
    }
    const timer = setTimeout(giveUp, withinMs)
    return result.finally(() => clearTimeout(timer))
  }

  const port = await inTime('start', started.promise)
  // A server that is not stopped does not keep the test process alive.
  worker.unref()
  return {
    port,
    ended: ended.promise,
    stop() {
      isStopping = true
      worker.ref()
      worker.postMessage('stop', [])
      return inTime('stop', ended.promise)
    },
  }
}
