import { type Load, startWorker, type Worker } from '@books/rpc/bench'
import { contestantOf } from './contestants.ts'
import type { Visited, Visits } from './load.ts'

/** What one round found of one contestant. */
export interface Round {
  pagesPerSecond: number
  /** Time on the processor for each page, of the process that serves it. */
  cpuMicrosPerPage: number
  p50Ms: number
  p99Ms: number
  bytesPerPage: number
  /** Calls to the services behind it. */
  callsPerPage: number
}

const encodings: Record<string, string> = { browser: 'gzip, deflate, br, zstd' }

/** Measures one contestant once, with its services and its visitors, each in a new process. They are warmed up before. */
export async function measure(name: string, encoding: string, load: Load, warmUp: Load): Promise<Round> {
  const services = await startWorker(program('services.ts'))
  const server = await startWorker(program('serve.ts'), name, String(services.first))
  const visitors = await startWorker(program('load.ts'))
  const { hasReaders } = contestantOf(name)
  const visit = async (asked: Load) => {
    const acceptEncoding = encodings[encoding] ?? encoding
    const visits: Visits = { port: Number(server.first), hasReaders, acceptEncoding, inFlight: 64, ...asked }
    return (await visitors.ask(visits)) as Visited
  }

  try {
    await visit(warmUp)
    const [cpuBefore, callsBefore] = [await numberOf(server), await numberOf(services)]
    const { calls: pages, seconds, p50Ms, p99Ms, bytesPerPage } = await visit(load)
    return {
      ...{ p50Ms, p99Ms, bytesPerPage },
      pagesPerSecond: pages / seconds,
      cpuMicrosPerPage: ((await numberOf(server)) - cpuBefore) / pages,
      callsPerPage: ((await numberOf(services)) - callsBefore) / pages,
    }
  } finally {
    for (const worker of [visitors, server, services]) worker.stop()
  }
}

async function numberOf(worker: Worker): Promise<number> {
  return Number(await worker.ask({}))
}

function program(file: string): URL {
  return new URL(file, import.meta.url)
}
