import type { Driven, Load } from './drive.ts'
import { startWorker, type Worker } from './worker.ts'

/** Who is measured: a server under the cheapest load there is, or a client against the cheapest server. */
export type Side = 'server' | 'client'

/** What one round found of one contestant. */
export interface Round {
  callsPerSecond: number
  /** Time on the processor for each call, of the process that is measured. */
  cpuMicrosPerCall: number
  p50Ms: number
  p99Ms: number
}

/**
 * Measures one contestant once, with its counterpart, each in a new process. They are warmed up before, until what is
 * called often has been compiled.
 */
export async function measure(side: Side, name: string, load: Load, warmUp: Load = { seconds: 1 }): Promise<Round> {
  const server = await startWorker(program('serve.ts'), side === 'server' ? name : 'http2')
  const client = await startWorker(program('load.ts'), side === 'client' ? name : 'frames')
  const run = async (asked: Load) => (await client.ask({ port: server.first, ...asked })) as Driven

  try {
    await run(warmUp)
    const before = await cpuMicrosOf(server)
    const { calls, seconds, cpuMicros, p50Ms, p99Ms } = await run(load)
    const spent = side === 'server' ? (await cpuMicrosOf(server)) - before : cpuMicros
    return { callsPerSecond: calls / seconds, cpuMicrosPerCall: spent / calls, p50Ms, p99Ms }
  } finally {
    client.stop()
    server.stop()
  }
}

async function cpuMicrosOf(server: Worker): Promise<number> {
  return Number(await server.ask({}))
}

function program(file: string): URL {
  return new URL(file, import.meta.url)
}
