import { type Stage, startWorker, type Worker } from '@books/rpc/bench'
import type { Contestant } from './contestants.ts'
import type { Visited, Visits } from './load.ts'

/** The measurements of one turn of a contestant. */
export interface Turn {
  pagesPerSecond: number
  /** CPU time of the serving process. */
  cpuMicrosPerPage: number
  p50Ms: number
  p99Ms: number
  bytesPerPage: number
  /** Calls to backends. */
  callsPerPage: number
}

/** Starts the contestants, their backends and the load, each in a process of its own. */
export async function openStage(contestants: readonly Contestant[], acceptEncoding: string): Promise<Stage<Turn>> {
  const services = await startWorker(program('services.ts'))
  const visitors = await startWorker(program('load.ts'))
  const servers = new Map<string, Worker>()
  for (const { name } of contestants) {
    servers.set(name, await startWorker(program('serve.ts'), name, String(services.first)))
  }

  return {
    async run(name, load) {
      const server = servers.get(name)!
      const cookies = contestants.find((contestant) => contestant.name === name)?.cookies
      const visits: Visits = { port: Number(server.first), cookies, acceptEncoding, inFlight: 64, ...load }

      const [cpuBefore, callsBefore] = [await numberOf(server), await numberOf(services)]
      const { calls: pages, seconds, p50Ms, p99Ms, bytesPerPage } = (await visitors.ask(visits)) as Visited
      return {
        ...{ p50Ms, p99Ms, bytesPerPage },
        pagesPerSecond: pages / seconds,
        cpuMicrosPerPage: ((await numberOf(server)) - cpuBefore) / pages,
        callsPerPage: ((await numberOf(services)) - callsBefore) / pages,
      }
    },
    close() {
      for (const worker of [visitors, ...servers.values(), services]) worker.stop()
    },
  }
}

async function numberOf(worker: Worker): Promise<number> {
  return Number(await worker.ask({}))
}

function program(file: string): URL {
  return new URL(file, import.meta.url)
}
