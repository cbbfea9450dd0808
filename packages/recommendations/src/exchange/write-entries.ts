import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { fileWriter, parquetWriteRows } from 'hyparquet-writer'
import type { ModelEntry } from './model-entries.ts'

const columns = [
  { name: 'source', type: 'INT32', nullable: false },
  { name: 'target', type: 'INT32', nullable: false },
  { name: 'weight', type: 'FLOAT', nullable: false },
] as const

/** Writes entries as `source,target,weight`: as Parquet where the name of the file ends in `.parquet`, otherwise as CSV. */
export async function writeEntries(file: string, entries: Iterable<ModelEntry>): Promise<void> {
  if (!file.endsWith('.parquet')) return pipeline(linesOf(entries), createWriteStream(file))
  await parquetWriteRows({ writer: fileWriter(file), rows: rowsOf(entries), columns: [...columns] })
}

function* rowsOf(entries: Iterable<ModelEntry>): Generator<Record<string, number>> {
  for (const entry of entries) yield { ...entry }
}

const linesInPiece = 10_000

function* linesOf(entries: Iterable<ModelEntry>): Generator<string> {
  let lines = ['source,target,weight']
  for (const { source, target, weight } of entries) {
    lines.push(`${source},${target},${Math.fround(weight)}`)
    if (lines.length < linesInPiece) continue
    yield `${lines.join('\n')}\n`
    lines = []
  }
  yield `${lines.join('\n')}\n`
}
