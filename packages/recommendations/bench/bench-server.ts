import { loadCatalogue } from '@books/catalogue'
import { RecommendationsService } from '@books/proto'
import { service } from '@books/rpc'
import { fakeService, serve, type TestServer } from '@books/rpc/testing'
import { createShelves } from '../src/books/shelves.ts'
import { createRecommendations } from '../src/methods/recommendations.ts'
import { fitModel } from '../src/model/fit-model.ts'
import { createRecommender } from '../src/model/recommender.ts'
import { groundsOf } from '../src/model/snapshot.ts'
import { simulateReaders } from '../src/readers/demo-readers.ts'
import { createReaders } from '../src/readers/readers.ts'
import { runTraining } from '../src/training/trainer.ts'
import { trainingDataOf } from '../src/training/training-data.ts'

/** Serves Recommend on the default store: as the service does, or always with the answer that the first call got. */
export async function start({ isConstant }: { isConstant: boolean }): Promise<TestServer & { port: number }> {
  const shelves = createShelves(loadCatalogue())
  const readers = createReaders()
  for (const interaction of simulateReaders(shelves.books)) readers.add(interaction)
  const bytes = await runTraining({ data: await trainingDataOf(shelves, readers), threads: 2 })
  const grounds = await groundsOf(shelves, readers, fitModel(bytes, shelves).model)
  const recommender = createRecommender({ readers, grounds })
  const unused = () => Promise.reject(new Error('the benchmark records nothing'))
  const { recommend, ...others } = createRecommendations({
    ...{ recommender, readers },
    store: { record: unused, isEmpty: unused, removeSimulated: unused, async *listInteractions() {} },
    onTaken() {},
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
