import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type CsvRow, readCsv } from './read-csv.ts'

let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-csv-'))
  file = join(folder, 'rows.csv')
})
afterAll(() => rm(folder, { recursive: true }))

describe('readCsv', () => {
  it('gives the line of every row, also after one of several lines', async () => {
    await writeFile(file, 'A;B\n1;"two, \nlines"\n\n3;4\n')

    expect(await Array.fromAsync(readCsv(file))).toEqual([
      { line: 2, values: { a: '1', b: 'two, \nlines' } },
      { line: 5, values: { a: '3', b: '4' } },
    ])
  })

  it.each([
    ['a,b\n1,2\n3\n', 'rows.csv:3: Invalid Record Length'],
    ['a,b\n1,"2\n', 'rows.csv:2: Quote Not Closed'],
    ['a,b\n1,2\n\n3,"4\n5,6\n7,8\n', 'rows.csv:4: Quote Not Closed'],
    ['a,b\n3,"4\n5,6\n7,"8"\n', 'rows.csv:2: Invalid Closing Quote'],
    ['a,"b\n3,4\n5,6\n', 'rows.csv:1: Quote Not Closed'],
    [`a,b\n1,2\n3,"${'4\n'.repeat(600_000)}`, 'rows.csv:3: Max Record Size'],
    ['a,b\n1,2\n3,4\0\n', 'rows.csv:3: has a NUL character'],
    ['a,b,A\n1,2,3\n', 'rows.csv:1: there are two columns a'],
  ])('throws the first row that is none', async (text, problem) => {
    await writeFile(file, text)

    await expect(Array.fromAsync(readCsv(file))).rejects.toThrow(problem)
  })

  it('reports rows of wrong lengths and goes on, and stops at a misplaced quote, with onBadRow', async () => {
    await writeFile(file, 'a,b\n1,2\n3\n4,5,6\n\n7,\0\n7,8\n9,"1"0\n11\n12,13\n')

    const { rows, problems } = await readAll()

    expect(rows.map(({ line }) => line)).toEqual([2, 7])
    expect(problems).toEqual([
      [3, expect.stringMatching(/^Invalid Record Length/)],
      [4, expect.stringMatching(/^Invalid Record Length/)],
      [6, 'has a NUL character'],
      [8, expect.stringMatching(/^Invalid Closing Quote/)],
    ])
  })
})

async function readAll() {
  const problems: [line: number, problem: string][] = []
  const rows: CsvRow[] = []
  for await (const row of readCsv(file, { onBadRow: (...problem) => problems.push(problem) })) rows.push(row)
  return { rows, problems }
}
