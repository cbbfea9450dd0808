import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { StartError } from '@books/runtime'
import { createInteractions, type Interactions } from '../src/training/interactions.ts'

/** A data set in two parts, with the same numbers for readers and items in both. */
export interface Split {
  readonly train: Interactions
  readonly test: Interactions
}

/** The files of a split. */
export interface SplitFiles {
  readonly train: string
  readonly test: string
  /** Whether the items of each line are in the order of time, the oldest first. */
  readonly isOrdered?: boolean
}

/**
 * Reads two files of lines `reader item item …`, gzipped if their names end in `.gz`.
 * An error names the file and, where there is one, the line.
 * Readers and items are renumbered without gaps, in the order of their numbers in the files.
 */
export async function readSplit({ isOrdered = false, ...files }: SplitFiles): Promise<Split> {
  const train = await readRows(files.train)
  const test = await readRows(files.test)
  const readers = renumber([train.keys(), test.keys()])
  const items = renumber([...train.values(), ...test.values()])

  const interactionsOf = (rows: Rows) => {
    const lists: number[][] = Array.from({ length: readers.size }, () => [])
    for (const [reader, row] of rows) lists[readers.get(reader)!] = row.map((item) => items.get(item)!).toReversed()
    return createInteractions(lists, items.size, isOrdered ? lists.map(() => 1) : [])
  }
  return { train: interactionsOf(train), test: interactionsOf(test) }
}

/** Each reader's items. */
type Rows = Map<number, number[]>

async function readRows(file: string): Promise<Rows> {
  const rows: Rows = new Map()
  let lineNumber = 0

  for await (const line of linesOf(file)) {
    lineNumber++
    const [reader, ...items] = line
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => readNumber(word, file, lineNumber))
    if (reader === undefined) continue
    rows.set(reader, [...(rows.get(reader) ?? []), ...items])
  }
  if (rows.size === 0) throw new StartError(`${file}: there are no readers in this file`)
  return rows
}

async function* linesOf(file: string) {
  const text = new PassThrough()
  const steps = file.endsWith('.gz') ? [createReadStream(file), createGunzip(), text] : [createReadStream(file), text]
  const reading = pipeline(steps)
  // Awaited below; handled here, too, so that an early failure is no unhandled rejection.
  reading.catch(() => text.end())

  try {
    yield* createInterface({ input: text, crlfDelay: Infinity })
    await reading
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`${file}: ${(error as Error).message}`, { cause: error })
  }
}

function readNumber(word: string, file: string, line: number) {
  const number = /^\d+$/.test(word) ? Number(word) : NaN
  if (Number.isSafeInteger(number)) return number
  throw new StartError(`${file}:${line}: "${word.slice(0, 40)}" is not a number from 0`)
}

function renumber(lists: readonly Iterable<number>[]) {
  const known = new Set<number>()
  for (const list of lists) for (const number of list) known.add(number)
  return new Map([...known].sort((one, other) => one - other).map((number, index) => [number, index]))
}
