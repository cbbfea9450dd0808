import { silentLog } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { bookIndex, demoReaders, snapshotOf, trainOn } from '../store.fixture.ts'
import type { Snapshot } from './snapshot.ts'
import { createSnapshotOwner } from './snapshot-owner.ts'

const falcon = bookIndex.bookAt(0)
const hawk = { ...falcon, id: 313, title: 'The Maltese Hawk' }

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the owner of the snapshot', () => {
  it('makes one snapshot of many books that are put in a row', async () => {
    const owner = await create()
    const seen = new Set<Snapshot>()

    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        await owner.putBooks([{ ...hawk, id: 313 + index }], index)
        seen.add(owner.current)
      }),
    )

    expect([...seen].map(({ bookIndex: { count }, revision }) => [count, revision])).toEqual([[332, 19]])
    expect(owner.current.bookIndex.itemOf(332)).toBe(331)
  })

  it('has the new version of a book that was read before, once it is put', async () => {
    const owner = await create()
    const before = owner.current.bookIndex.bookAt(0)

    await owner.putBooks([{ ...falcon, title: 'The Maltese Hawk' }], 1)

    expect([before.title, owner.current.bookIndex.bookAt(0).title]).toEqual([falcon.title, 'The Maltese Hawk'])
  })

  it('finds no change in books that are in use or about to be used', async () => {
    const owner = await create()
    void owner.putBooks([hawk], 1).catch(() => {})

    const changed = owner.changedAmong([{ ...falcon }, { ...hawk }, { ...hawk, year: 2026 }, { ...hawk, id: 314 }])

    expect(changed).toEqual([
      { ...hawk, year: 2026 },
      { ...hawk, id: 314 },
    ])
  })

  it('keeps the snapshot in use where a model is damaged, and goes on from there', async () => {
    const owner = await create()
    await owner.useModel({ name: 'good', bytes: await trainOn(demoReaders()) })
    const good = owner.current

    const damaged = owner.useModel({ name: 'damaged', bytes: Uint8Array.of(1, 2, 3) })
    await expect(damaged).rejects.toThrow('not a model of Books')
    const afterDamaged = owner.current
    await owner.putBooks([hawk], 1)

    expect(afterDamaged).toBe(good)
    expect(
      [good, owner.current].map(({ model, stored }) => [model.itemCount, model.origin.readerCount, stored?.name]),
    ).toEqual([
      [312, 500, 'good'],
      [313, 500, 'good'],
    ])
  })
})

async function create() {
  const readers = demoReaders()
  const owner = createSnapshotOwner({ first: await snapshotOf(readers), readers, log: silentLog })
  opened.defer(owner.stop)
  return owner
}
