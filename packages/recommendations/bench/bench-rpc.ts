import { performance } from 'node:perf_hooks'
import { BookCategory, RecommendationsService } from '@books/proto'
import { startLiveServer } from '@books/rpc/testing'

const inFlight = 64
const callsInRound = 5_000

/**
 * Measures how many Recommend calls a second the service answers, in units of a service that answers with constants: the
 * median of the rounds. Each service runs in a thread of its own and is called over sockets; they take turns. The readers
 * are those of the default store, 1 to `readerCount`.
 */
export async function rpcRatio(readerCount: number, rounds: number): Promise<number> {
  const url = new URL('./bench-server.ts', import.meta.url)
  const servers = await Promise.all(
    [false, true].map((isConstant) => startLiveServer(url, { settings: { isConstant }, withinMs: 60_000 })),
  )
  const clients = servers.map((server) => server.client(RecommendationsService))

  async function time(client: (typeof clients)[number]): Promise<number> {
    const started = performance.now()
    let next = 0
    const work = async () => {
      while (next < callsInRound) {
        await client.recommend({ userId: 1 + (next++ % readerCount), category: BookCategory.MYSTERY, maxResults: 20 })
      }
    }
    await Promise.all(Array.from({ length: inFlight }, work))
    return performance.now() - started
  }

  const ratios: number[] = []
  const [real, constant] = clients
  if (!real || !constant) throw new Error('two servers were started')
  // The first round only warms up.
  for (let round = 0; round <= rounds; round++) {
    const isRealFirst = round % 2 === 0
    const first = await time(isRealFirst ? real : constant)
    const second = await time(isRealFirst ? constant : real)
    if (round > 0) ratios.push(isRealFirst ? second / first : first / second)
  }

  await Promise.all(servers.map((server) => server.stop()))
  return ratios.toSorted((one, other) => one - other)[ratios.length >> 1] ?? 0
}
