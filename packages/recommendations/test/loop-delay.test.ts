import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Interaction, InteractionKind, loadDescriptors, RecommendationsService } from '@books/proto'
import { createClient } from '@books/rpc'
import { streamOf } from '@books/rpc/testing'
import { type ProcessUnderTest, runProcess } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createSyntheticReaders } from '../bench/synthetic-readers.ts'
import { inventoryBook, startInventory } from '../src/books/inventory.fixture.ts'

const size = { readers: 3_000, items: 6_000, interactions: 120_000, seed: 1 }
const program = new URL('./watched-service.fixture.ts', import.meta.url)
/** In processor time, which other processes change little. */
const longestMs = 50
// Without any one of the measures a turn takes 100 ms and more.
const longestWithNewBooksMs = 90

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-loop-'))
  await importReaders()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the event loop', () => {
  it('is free while the readers of a new store are simulated, and a model is trained on them', async () => {
    const service = run('new')
    await service.prints(/watching/)

    expect((await stop(service)).longestMs).toBeLessThan(longestMs)
  })

  // Storing the model of such a store in the embedded database took 4 s, and reading it 1 s, in one turn each.
  it('is free through the first start of a large store with a training, an import, and the next start', async () => {
    const firstRun = await runLarge()
    const secondRun = await runLarge()

    expect([firstRun, secondRun].map(({ stdout }) => stdout.includes('trained a model'))).toEqual([true, false])
    expect(firstRun.longestMs).toBeLessThan(longestMs)
    expect(secondRun.longestMs).toBeLessThan(longestMs)
  })

  it('is nearly so while inventory sends it thousands of books, and at the next start', async () => {
    await using inventory = { ...(await startInventory()), [Symbol.asyncDispose]: () => inventory.stop() }
    for (let message = 1; message <= 20; message++) {
      const books = Array.from({ length: 500 }, (_, at) => inventoryBook(1_000 + 500 * message + at))
      inventory.tell(books, { isCurrent: message === 20 })
    }

    const firstRun = await runLarge(inventory.port)
    const secondRun = await runLarge(inventory.port)

    expect(firstRun.longestMs).toBeLessThan(longestWithNewBooksMs)
    expect(secondRun.longestMs).toBeLessThan(longestWithNewBooksMs)
  })
})

/** Runs the large store until it has the books of an inventory, where there is one, and what a call records. */
async function runLarge(inventoryPort = 0) {
  const service = run('large', inventoryPort)
  if (inventoryPort > 0) await service.prints(/follows inventory/)
  await importByCall(service)
  return stop(service)
}

async function importReaders(): Promise<void> {
  const file = join(folder, 'ratings.csv')
  const readers = createSyntheticReaders(size)
  const lines = readers.flatMap((items, reader) =>
    Array.from(items, (item) => `${reader + 1},${item},liked,2026-05-04`),
  )
  await writeFile(file, ['reader,book,kind,time', ...lines].join('\n'))
  const { code, stderr } = await runProcess(new URL('../src/commands/import.ts', import.meta.url), variables('large'), [
    file,
  ]).ended
  if (code !== 0) throw new Error(stderr)
}

/** Records a stream of interactions, as large importers do. */
async function importByCall(service: ProcessUnderTest): Promise<void> {
  const [, address = ''] = await service.prints(/watching (.*)/)
  const client = createClient(RecommendationsService, { address, descriptors: loadDescriptors() })
  const { taken } = await client.recordInteractions(streamOf(...Array.from({ length: 5_000 }, (_, at) => liked(at))), {
    deadlineMs: 120_000,
  })
  client.close()
  expect([0, 5_000]).toContain(taken)
}

async function stop(service: ProcessUnderTest): Promise<{ stdout: string; longestMs: number }> {
  service.child.kill('SIGTERM')
  const { stdout } = await service.ended
  const [, ms] = /"longestMs":([\d.]+)/.exec(stdout) ?? []
  return { stdout, longestMs: Number(ms) }
}

function run(store: string, inventoryPort = 0): ProcessUnderTest {
  const ports = { PORT: '0', INVENTORY_PORT: `${inventoryPort}`, TRANSACTIONS_PORT: '0', REVIEWS_PORT: '0' }
  return runProcess(program, { ...variables(store), ...ports })
}

function variables(store: string): Record<string, string> {
  return { DATA_DIR: join(folder, store) }
}

function liked(at: number): Interaction {
  const [userId, bookId] = [1 + (at % 500), 1 + (at % 312)]
  return { id: `${at}`, userId, bookId, kind: InteractionKind.INTERACTION_KIND_LIKED, rating: 0, time: undefined }
}
