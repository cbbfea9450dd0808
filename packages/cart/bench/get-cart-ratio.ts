import { performance } from 'node:perf_hooks'
import { CartServiceService } from '@books/proto'
import { median } from '@books/rpc/bench'
import { startLiveServer } from '@books/rpc/testing'
import { type BenchServerSettings, readerCount } from './bench-server.ts'

/** What is measured. */
export interface Run {
  databaseUrl: string | undefined
  rounds: number
  callsInRound: number
}

/** Calls a second, as medians of the rounds. */
export interface Measured {
  getCart: number
  /** Of a method with the same queries and a constant answer. */
  constant: number
  /** The median of the rounds' ratios. */
  ratio: number
}

const inFlight = 64

/**
 * Measures GetCart beside a method that makes the same queries and answers a constant. Each has a server in a thread of its own, and is
 * called over sockets; they take turns.
 */
export async function measureGetCart({ databaseUrl, rounds, callsInRound }: Run): Promise<Measured> {
  await using servers = new AsyncDisposableStack()
  const url = new URL('./bench-server.ts', import.meta.url)
  const startServer = async (isConstant: boolean) => {
    const settings: BenchServerSettings = { isConstant, databaseUrl }
    return servers.use(await startLiveServer(url, { settings, withinMs: 60_000 })).client(CartServiceService)
  }
  const real = await startServer(false)
  const constant = await startServer(true)

  async function callsPerSecond(client: typeof real): Promise<number> {
    const started = performance.now()
    let next = 0
    const work = async () => {
      while (next < callsInRound) await client.getCart({ cartId: `reader:${1 + (next++ % readerCount)}` })
    }
    await Promise.all(Array.from({ length: inFlight }, work))
    return (callsInRound / (performance.now() - started)) * 1_000
  }

  const measured: [number, number][] = []
  // The first round only warms up.
  for (let round = 0; round <= rounds; round++) {
    const isRealFirst = round % 2 === 0
    const first = await callsPerSecond(isRealFirst ? real : constant)
    const second = await callsPerSecond(isRealFirst ? constant : real)
    if (round > 0) measured.push(isRealFirst ? [first, second] : [second, first])
  }
  return {
    getCart: median(measured.map(([ofReal]) => ofReal)),
    constant: median(measured.map(([, ofConstant]) => ofConstant)),
    ratio: median(measured.map(([ofReal, ofConstant]) => ofReal / ofConstant)),
  }
}
