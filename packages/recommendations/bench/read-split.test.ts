import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { itemsOf } from '../src/training/interactions.ts'
import { readSplit } from './read-split.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-split-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('readSplit', () => {
  it('renumbers readers and items of both files', async () => {
    const { train, test } = await readSplit({
      train: await file('train.txt', '10 500 70\n30 70\n'),
      test: await file('test.txt', '20 8\r\n\r\n10 500'),
    })

    expect([0, 1, 2].map((reader) => [...itemsOf(train, reader)])).toEqual([[1, 2], [], [1]])
    expect([0, 1, 2].map((reader) => [...itemsOf(test, reader)])).toEqual([[2], [0], []])
  })

  it('has the newest items first where lines are in the order of time', async () => {
    const path = await file('ordered.txt', '1 70 500 8\n1 60\n')

    const { train } = await readSplit({ train: path, test: path, isOrdered: true })

    expect([...itemsOf(train, 0)]).toEqual([1, 0, 3, 2])
    expect([...train.isOrdered]).toEqual([1])
  })

  it('reads gzipped files', async () => {
    const zipped = await file('train.txt.gz', gzipSync('0 1 2\n'))

    expect((await readSplit({ train: zipped, test: zipped })).train.readerItems).toHaveLength(2)
  })

  it.each([
    ['wrong.txt', '0 1\n\n1 2 x7\n', 'wrong.txt:3: "x7" is not a number from 0'],
    ['negative.txt', '0 -1\n', 'negative.txt:1: "-1" is not a number from 0'],
    ['empty.txt', '\n', 'empty.txt: there are no readers in this file'],
    ['damaged.txt.gz', '0 1\n', 'damaged.txt.gz: incorrect header check'],
  ])('names what is wrong with %s', async (name, text, message) => {
    const path = await file(name, text)

    await expect(readSplit({ train: path, test: path })).rejects.toThrow(message)
  })

  it('names a missing file', async () => {
    const missing = join(folder, 'missing.txt')

    await expect(readSplit({ train: missing, test: missing })).rejects.toThrow(missing)
  })
})

async function file(name: string, text: string | Buffer) {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}
