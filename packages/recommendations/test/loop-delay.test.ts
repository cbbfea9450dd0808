import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Interaction, InteractionKind, loadDescriptors, RecommendationsService } from '@books/proto'
import { createClient } from '@books/rpc'
import { streamOf } from '@books/rpc/testing'
import { type ProcessUnderTest, runProcess } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createSyntheticReaders } from '../bench/synthetic-readers.ts'

const size = { readers: 3_000, items: 6_000, interactions: 120_000, seed: 1 }
const program = new URL('./watched-service.fixture.ts', import.meta.url)
/** In processor time, which other processes hardly change. */
const longestMs = 50

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-loop-'))
  await importReaders()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

// Storing the model of such a store in the embedded database took 4 s, and reading it 1 s, in one turn each.
describe('the event loop of a large store', () => {
  it('is free through its first start with a training, an import, and the next start', async () => {
    const first = run()
    await importByCall(first)
    const firstRun = await stop(first)
    const second = run()
    await importByCall(second)
    const secondRun = await stop(second)

    expect([firstRun, secondRun].map(({ stdout }) => stdout.includes('trained a model'))).toEqual([true, false])
    expect(firstRun.longestMs).toBeLessThan(longestMs)
    expect(secondRun.longestMs).toBeLessThan(longestMs)
  })
})

async function importReaders(): Promise<void> {
  const file = join(folder, 'ratings.csv')
  const readers = createSyntheticReaders(size)
  const lines = readers.flatMap((items, reader) =>
    Array.from(items, (item) => `${reader + 1},${item},liked,2026-05-04`),
  )
  await writeFile(file, ['reader,book,kind,time', ...lines].join('\n'))
  const { code, stderr } = await runProcess(new URL('../src/commands/import.ts', import.meta.url), variables(), [file])
    .ended
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

function run(): ProcessUnderTest {
  return runProcess(program, { ...variables(), PORT: '0', INVENTORY_PORT: '0', TRANSACTIONS_PORT: '0' })
}

function variables(): Record<string, string> {
  return { DATA_DIR: join(folder, 'data') }
}

function liked(at: number): Interaction {
  const [userId, bookId] = [1 + (at % 500), 1 + (at % 312)]
  return { id: `${at}`, userId, bookId, kind: InteractionKind.INTERACTION_KIND_LIKED, rating: 0, time: undefined }
}
