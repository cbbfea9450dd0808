import { setTimeout as delay } from 'node:timers/promises'
import { silentLog } from '@books/runtime/testing'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createStoreInMemory } from '../store.fixture.ts'
import { followInteractions } from './follow-interactions.ts'
import type { Interaction } from './interaction.ts'
import { createReaders } from './readers.ts'

const everyMs = 2
const cleanup: (() => void)[] = []
afterEach(() => {
  for (const stop of cleanup.splice(0)) stop()
})

describe('what other processes record', () => {
  it('is added within one poll', async () => {
    const { store, readers } = follow()

    await store.record([liked(1)])
    await until(() => readers.profileOf(7).history.includes(1))
    await store.record([liked(2)])
    await until(() => readers.profileOf(7).history.includes(2))

    expect(readers.profileOf(7).history).toEqual([2, 1])
  })

  it('is read again only when there are more', async () => {
    const { store, readers, counts } = follow()
    await store.record([liked(1)])
    await until(() => readers.profileOf(7).history.includes(1))
    await polls(counts, 3)

    const { lists } = counts
    await polls(counts, 5)

    expect(counts.lists).toBe(lists)
  })
})

function follow() {
  const store = createStoreInMemory()
  const readers = createReaders()
  const counts = { lists: 0, polls: 0 }
  const counted = {
    ...store,
    listInteractions(after?: number) {
      counts.lists += 1
      return store.listInteractions(after)
    },
    summarize(after: number) {
      counts.polls += 1
      return store.summarize(after)
    },
  }
  cleanup.push(followInteractions(counted, readers, 0, silentLog, everyMs))
  return { store, readers, counts }
}

/** Resolves after some more polls. */
async function polls(counts: { polls: number }, more: number): Promise<void> {
  const wanted = counts.polls + more
  await until(() => counts.polls >= wanted)
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(everyMs)
}

function liked(bookId: number): Interaction {
  return { id: `liked-${bookId}`, readerId: 7, bookId, kind: 'liked', rating: 0, time: new Date(bookId) }
}
