import { loadCatalogue } from '@books/catalogue'
import { RecommendationsService } from '@books/proto'
import { service } from '@books/rpc'
import { fakeService, serve, type TestServer } from '@books/rpc/testing'
import { createBookIndex } from '../src/books/book-index.ts'
import { createRecommendations } from '../src/methods/recommendations.ts'
import { createSnapshot } from '../src/model/create-snapshot.ts'
import { createRecommender } from '../src/model/recommender.ts'
import { simulateReaders } from '../src/readers/demo-readers.ts'
import { createReaders } from '../src/readers/readers.ts'
import { runTrainingJob } from '../src/training/run-training-job.ts'

/** Serves Recommend on the default store: as the service does, or with the answer of the first call to every call. */
export async function start({ isConstant }: { isConstant: boolean }): Promise<TestServer & { port: number }> {
  const bookIndex = createBookIndex(loadCatalogue())
  const readers = createReaders()
  for (const interaction of simulateReaders(bookIndex.listBooks())) readers.add(interaction)
  const rows = await readers.pack()
  const bytes = await runTrainingJob({ itemIds: bookIndex.itemIds, rows, threads: 2 })
  const current = await createSnapshot({ bookIndex, revision: 0, rows, stored: { name: 'trained', bytes } })
  const recommender = createRecommender({ readers, snapshots: { current } })
  const unused = () => Promise.reject(new Error('the benchmark records nothing'))
  const { recommend, ...others } = createRecommendations({
    ...{ recommender, readers },
    store: {
      record: unused,
      findSettled: unused,
      findLast: unused,
      isEmpty: unused,
      summarize: unused,
      removeSimulated: unused,
      async *listInteractions() {},
    },
    onRecorded() {},
    now: () => new Date(),
  })
  if (!isConstant) return serve([service(RecommendationsService, { recommend, ...others })])

  let answer: ReturnType<typeof recommend> | undefined
  return serve([
    fakeService(RecommendationsService, {
      recommend(request, call) {
        answer ??= recommend(request, call)
        return answer
      },
    }),
  ])
}
