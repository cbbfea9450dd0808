import type { Driven } from './drive.ts'
import type { Stage } from './rounds.ts'
import { startWorker, type Worker } from './worker.ts'

/** The side that is measured: a server under the cheapest load, or a client of the cheapest server. */
export type Side = 'server' | 'client'

/** The measurements of one turn of a contestant. */
export interface Turn {
  callsPerSecond: number
  /** CPU time of the measured process for each call. */
  cpuMicrosPerCall: number
  p50Ms: number
  p99Ms: number
}

/** Starts the contestants of one side and their common counterpart, each in a process of its own. */
export async function openStage(side: Side, names: readonly string[]): Promise<Stage<Turn>> {
  const counterpart = await (side === 'server' ? startClient('frames') : startServer('http2'))
  const contestants = new Map<string, Worker>()
  for (const name of names) contestants.set(name, await (side === 'server' ? startServer(name) : startClient(name)))

  return {
    async run(name, load) {
      const contestant = contestants.get(name)!
      const [server, client] = side === 'server' ? [contestant, counterpart] : [counterpart, contestant]

      const before = await cpuMicrosOf(server)
      const { calls, seconds, cpuMicros, p50Ms, p99Ms } = (await client.ask({ port: server.first, ...load })) as Driven
      const spent = side === 'server' ? (await cpuMicrosOf(server)) - before : cpuMicros
      return { callsPerSecond: calls / seconds, cpuMicrosPerCall: spent / calls, p50Ms, p99Ms }
    },
    close() {
      for (const worker of [counterpart, ...contestants.values()]) worker.stop()
    },
  }
}

function startServer(name: string): Promise<Worker> {
  return startWorker(new URL('serve.ts', import.meta.url), name)
}

function startClient(name: string): Promise<Worker> {
  return startWorker(new URL('load.ts', import.meta.url), name)
}

async function cpuMicrosOf(server: Worker): Promise<number> {
  return Number(await server.ask({}))
}
