import { Worker } from 'node:worker_threads'

/** What the module of a live server exports. */
export interface LiveServerModule {
  /** Starts everything and resolves once it answers calls. What `startServer` and `serve` resolve to fits. */
  start(settings?: unknown): Promise<{ port: number; stop(): Promise<void> }>
}

/** What a live server may be given. */
export interface LiveServerOptions {
  /** Handed to the module's `start`: anything that can be cloned. */
  settings?: unknown
  /** How long the start may take, and the stop, in milliseconds. */
  withinMs?: number | undefined
}

/** A server in a thread of its own. */
export interface LiveThread {
  port: number
  /** Resolves after a stop. Rejects once the server has failed, with the error that it failed with. */
  ended: Promise<void>
  /** Stops the server and ends its thread. Rejects like `ended`, and where the server does not stop in time. */
  stop(): Promise<void>
}

/** What the thread is started with. */
export interface LiveServerOrder {
  url: string
  settings: unknown
}

/** Runs the `start` of a module in a thread of its own, under plain Node. Rejects with the error that `start` fails with. */
export async function startThread(url: URL, options: LiveServerOptions = {}): Promise<LiveThread> {
  const { settings, withinMs = 10_000 } = options
  const workerData: LiveServerOrder = { url: url.href, settings }
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
    // Where the thread told an error before it ended, that one stays.
    if (!isStopping || code !== 0)
      fail(new Error(`the live server of ${url.href} ended by itself, with exit code ${code}`))
    ended.resolve()
  })

  const inTime = async <Result>(what: string, result: Promise<Result>): Promise<Result> => {
    const giveUp = () => {
      fail(new Error(`the live server of ${url.href} did not ${what} within ${withinMs} ms`))
      void worker.terminate()
    }
    const timer = setTimeout(giveUp, withinMs)
    return result.finally(() => clearTimeout(timer))
  }

  const port = await inTime('start', started.promise)
  // A server that nobody stops does not keep the process of the test from ending.
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
