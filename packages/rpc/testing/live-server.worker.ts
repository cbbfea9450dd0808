import { parentPort, workerData } from 'node:worker_threads'
import type { LiveServerData, LiveServerModule } from './live-server.ts'

// The thread of a live server. An error thrown here, at any time, ends the thread and reaches the test.
const running = Promise.withResolvers<Awaited<ReturnType<LiveServerModule['start']>>>()
// The listener also keeps an idle thread alive.
parentPort?.on('message', () => void stop())

const { url, settings } = workerData as LiveServerData
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
