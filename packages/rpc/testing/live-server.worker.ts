import { parentPort, workerData } from 'node:worker_threads'
import type { LiveServerModule, LiveServerOrder } from './live-server.ts'

// The thread of a live server. What is thrown here, at any time, ends the thread and reaches the test as it is.
const running = Promise.withResolvers<Awaited<ReturnType<LiveServerModule['start']>>>()
// Listening also keeps a thread that only waits from ending.
parentPort?.on('message', () => void stop())

const { url, settings } = workerData as LiveServerOrder
const { start } = (await import(url)) as Partial<LiveServerModule>
if (!start) throw new TypeError(`${url} exports no start`)

const server = await start(settings)
running.resolve(server)
parentPort?.postMessage(server.port, [])

async function stop() {
  const started = await running.promise
  await started.stop()
  process.exit()
}
