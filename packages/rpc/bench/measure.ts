import type { Driven, Load } from './drive.ts'
import { startWorker, type Worker } from './worker.ts'

/** The side that is measured: a server under the cheapest load, or a client of the cheapest server. */
export type Side = 'server' | 'client'

/** The result of one round of one contestant. */
export interface Round {
  callsPerSecond: number
  /** CPU time of the measured process for each call. */
  cpuMicrosPerCall: number
  p50Ms: number
  p99Ms: number
}

// After a second the compilation of what has more code than bare grpc-js still takes the second core; after four, rates are stable.
const untilCompiled: Load = { seconds: 4 }

/**
 * Measures one contestant once, with its counterpart, each in a new process, after a warm-up in which hot code is compiled.
 */
export async function measure(side: Side, name: string, load: Load, warmUp = untilCompiled): Promise<Round> {
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
