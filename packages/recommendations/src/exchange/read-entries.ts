import { StartError } from '@books/runtime'
import { errorAt, readCsv } from '@books/runtime/commands'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import type { ModelEntry } from './model-entries.ts'

/**
 * Reads entries from a file that has the columns `source`, `target` and `weight`: Parquet where its name ends in `.parquet`, otherwise
 * CSV. Throws a `StartError` that names the first wrong row.
 */
export function readEntries(file: string): AsyncGenerator<ModelEntry> {
  return file.endsWith('.parquet') ? readParquet(file) : readLines(file)
}

async function* readLines(file: string): AsyncGenerator<ModelEntry> {
  for await (const { line, values } of readCsv(file)) {
    const { source, target, weight } = values
    const entry = readEntry(source, target, weight)
    if (typeof entry === 'string') throw errorAt(file, line, entry)
    yield entry
  }
}

async function* readParquet(file: string): AsyncGenerator<ModelEntry> {
  const buffer = await open(file)
  const metadata = await parquetMetadataAsync(buffer).catch((error: Error) => {
    throw new StartError(`${file}: ${error.message}`, { cause: error })
  })
  let rowStart = 0
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows)
    const rows = await parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd })
    for (const [at, { source, target, weight }] of rows.entries()) {
      const entry = readEntry(source, target, weight)
      if (typeof entry === 'string') throw new StartError(`${file}: row ${rowStart + at + 1}: ${entry}`)
      yield entry
    }
    rowStart = rowEnd
  }
}

async function open(file: string) {
  return asyncBufferFromFile(file).catch((error: Error) => {
    throw new StartError(`${file}: ${error.message}`, { cause: error })
  })
}

/** The entry of a row, or what is wrong with it. Whole numbers of Parquet may be bigints. */
function readEntry(source: unknown, target: unknown, weight: unknown): ModelEntry | string {
  if (source === undefined || target === undefined || weight === undefined) {
    return 'the columns must be source, target and weight'
  }
  const entry = { source: Number(source), target: Number(target), weight: Number(weight) }
  if (![entry.source, entry.target].every((id) => Number.isInteger(id) && id > 0)) {
    return 'source and target must be ids of books'
  }
  return entry.weight > 0 && entry.weight < Infinity ? entry : 'weight must be a number above 0'
}
