import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const command = fileURLToPath(new URL('./evaluate.ts', import.meta.url))
const figures = ['recall@10', 'recall@20', 'ndcg@10', 'ndcg@20']
let folder: string
let train: string
let test: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'))
  train = join(folder, 'train.txt')
  test = join(folder, 'test.txt')
  await writeFile(train, '0 1 2 3 4\n1 1 2 3 4 5\n2 5 6\n')
  await writeFile(test, '0 5\n2 1\n')
})
afterAll(() => rm(folder, { recursive: true }))

describe('evaluate', () => {
  it('prints one JSON object and nothing else', async () => {
    const { stdout, stderr } = await evaluate('--train', train, '--test', test, '--json')
    const { readers, models, ...rest } = JSON.parse(stdout)

    expect(stderr).toBe('')
    expect(readers).toBe(2)
    expect(Object.keys(models)).toEqual(['popularity', 'itemKnn', 'engine'])
    for (const model of Object.values(models)) expect(Object.keys(model as object)).toEqual(figures)
    expect(Object.keys(rest)).toEqual(['trainSeconds', 'evaluateSeconds', 'peakMb'])
  })

  it('prints a table otherwise', async () => {
    const { stdout } = await evaluate('--train', train, '--test', test)

    expect(stdout).toMatch(/recall@10 +recall@20 +ndcg@10 +ndcg@20/)
    expect(stdout).toMatch(/engine +1\.0000/)
  })

  it('takes the order of lines for that of time where it is told so', async () => {
    const lines = Array.from({ length: 80 }, (_, at) => (at % 2 === 0 ? `${at} 1 2 3 4 5` : `${at} 6 7 8 9 10`))
    await writeFile(join(folder, 'many.txt'), [...lines, '80 6 7 8 1 2', ''].join('\n'))
    await writeFile(join(folder, 'next.txt'), '80 3 4 5\n')
    const files = ['--train', join(folder, 'many.txt'), '--test', join(folder, 'next.txt'), '--json']

    const ndcgOf = async (...args: string[]) => JSON.parse((await evaluate(...args)).stdout).models.engine['ndcg@20']

    // Of three old books and two new ones, the new ones count more.
    expect(await ndcgOf(...files)).toBeLessThan(1)
    expect(await ndcgOf(...files, '--ordered')).toBe(1)
  })

  it('splits a file of ratings by time', async () => {
    const path = join(folder, 'ratings.csv')
    const rows = Array.from({ length: 60 }, (_, at) => `${1 + (at % 6)},${1 + Math.floor(at / 6)},5,${1000 + at}`)
    await writeFile(path, ['userId,movieId,rating,timestamp', ...rows, ''].join('\n'))

    const { readers } = JSON.parse((await evaluate('--ratings', path, '--json')).stdout)

    expect(readers).toBe(6)
  })

  it('names the file and the line of an error', async () => {
    await writeFile(join(folder, 'wrong.txt'), '0 1\n1 one\n')

    await expect(evaluate('--train', join(folder, 'wrong.txt'), '--test', test)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('wrong.txt:2: "one" is not a number from 0'),
    })
  })

  it('prints its help without arguments', async () => {
    await expect(evaluate()).rejects.toMatchObject({ stderr: expect.stringContaining('--train <file>') })
  })
})

function evaluate(...args: string[]) {
  return promisify(execFile)(process.execPath, [command, ...args])
}
