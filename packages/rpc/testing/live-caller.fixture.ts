import { workerData } from 'node:worker_threads'
import { TourService, tourDescriptors } from '../src/call/tour.fixture.ts'
import { createClient } from '../src/client/client.ts'

// Runs in a thread: calls a server, and wakes the thread that waits for the response.
const { port, greeted } = workerData as { port: number; greeted: Int32Array }
const client = createClient(TourService, { address: `127.0.0.1:${port}`, descriptors: tourDescriptors() })

const { text } = await client.greet({ name: 'Ada' })
Atomics.store(greeted, 0, text.length)
Atomics.notify(greeted, 0)
client.close()
