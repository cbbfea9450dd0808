import { once } from 'node:events'
import { silentLog } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'
import { followRevisions, type WatchMessage } from './index.ts'

const first = { revision: 1, isCurrent: false, text: 'first' }
const second = { revision: 2, isCurrent: true, text: 'second' }

describe('following revisions', () => {
  it('takes what came up to a current message at once', async () => {
    const { taken } = await follow([first, second], { until: 1 })

    expect(taken).toEqual([[first, second]])
  })

  it('asks again for what could not be stored', async () => {
    const { asked, taken } = await follow([first, second], { until: 2, failures: 1 })

    expect(asked).toEqual([0, 0])
    expect(taken).toEqual([
      [first, second],
      [first, second],
    ])
  })

  it('starts over where the service has lost its data', async () => {
    const { asked, startedOver } = await follow([first, second], { until: 1, revision: 7 })

    expect(asked).toEqual([7, 0])
    expect(startedOver).toEqual([1])
  })
})

/** Follows these messages until something was taken so often; the first `failures` times it is not stored. */
async function follow(
  messages: readonly (WatchMessage & { text: string })[],
  { until, failures = 0, revision = 0 }: { until: number; failures?: number; revision?: number },
) {
  const [asked, taken, startedOver]: [number[], unknown[], number[]] = [[], [], []]
  const enough = Promise.withResolvers<void>()
  const following = followRevisions({
    ...{ name: 'notes', revision, log: silentLog },
    async *watch({ afterRevision }, { signal }) {
      asked.push(afterRevision)
      yield* messages
      if (!signal.aborted) await once(signal, 'abort')
    },
    async take(gathered) {
      taken.push(gathered)
      if (taken.length === until) enough.resolve()
      if (taken.length <= failures) throw new Error('not stored')
    },
    startOver: async (highest) => void startedOver.push(highest),
  })
  await enough.promise
  await following.stop()
  return { asked, taken, startedOver }
}
