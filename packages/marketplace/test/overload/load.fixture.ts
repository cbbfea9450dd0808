import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Order, Outcome } from './load-process.fixture.ts'

/** A process that generates load. */
export interface Load {
  send(order: Order): Promise<Outcome>
  stop(): Promise<void>
}

/** Starts a process that generates load on demand. */
export async function startLoad(): Promise<Load> {
  const child = fork(fileURLToPath(new URL('./load-process.fixture.ts', import.meta.url)), { execArgv: [] })
  await once(child, 'message')

  return {
    async send(order) {
      child.send(order)
      const [outcome] = await once(child, 'message')
      return outcome as Outcome
    },
    async stop() {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}
