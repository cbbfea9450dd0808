import { performance } from 'node:perf_hooks'
import { BookCategory, RecommendationsService } from '@books/proto'
import { type Handlers, service } from '@books/rpc'
import { fakeService, serve } from '@books/rpc/testing'

type Methods = Handlers<typeof RecommendationsService>

const inFlight = 64
const callsInRound = 5_000

/**
 * How many Recommend calls a second the service answers, in units of a service that answers the same with constants.
 * Both are called over sockets, in turns; the median of the rounds.
 */
export async function rpcRatio(methods: Methods, readerIds: readonly number[], rounds: number): Promise<number> {
  const request = (index: number) => ({
    userId: readerIds[index % readerIds.length] ?? 0,
    category: BookCategory.MYSTERY,
    maxResults: 20,
  })
  const real = await serve([service(RecommendationsService, methods)])
  const answer = await real.client(RecommendationsService).recommend(request(0))
  const constant = await serve([fakeService(RecommendationsService, { recommend: async () => answer })])

  const ratios: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const seconds: number[] = []
    for (const server of round % 2 === 0 ? [real, constant] : [constant, real]) {
      const client = server.client(RecommendationsService)
      const started = performance.now()
      let next = 0
      const work = async () => {
        while (next < callsInRound) await client.recommend(request(next++))
      }
      await Promise.all(Array.from({ length: inFlight }, work))
      seconds.push(performance.now() - started)
    }
    const [first = 1, second = 1] = seconds
    // The first round only warms up.
    if (round > 0) ratios.push(round % 2 === 0 ? second / first : first / second)
  }

  await Promise.all([real.stop(), constant.stop()])
  return ratios.toSorted((one, other) => one - other)[ratios.length >> 1] ?? 0
}
