import { setImmediate as eventLoopTurn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { batchesOf } from './batches.ts'

describe('batches', () => {
  it('have all items that have arrived, up to their size', async () => {
    const batches = await Array.fromAsync(batchesOf(countTo(7), 3))

    expect(batches).toEqual([[1, 2, 3], [4, 5, 6], [7]])
  })

  it('do not wait for the next item', async () => {
    const batches = batchesOf(thenNothing(1), 3)

    expect(await batches.next()).toEqual({ done: false, value: [1] })
    expect(await batches.return()).toEqual({ done: true, value: undefined })
  })

  it('reject for a source that fails while the last batch is still worked on, when they are read again', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    const failure = new Error('broken off')
    const batches = batchesOf(thenFailure(failure, 1), 1)

    await batches.next()
    for (let turn = 0; turn < 10; turn++) await eventLoopTurn()
    const next = batches.next()

    await expect(next).rejects.toBe(failure)
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })
})

async function* countTo(last: number) {
  for (let number = 1; number <= last; number++) yield number
}

async function* thenNothing(...items: number[]) {
  yield* items
  await new Promise(() => {})
}

async function* thenFailure(failure: Error, ...items: number[]) {
  yield* items
  throw failure
}
