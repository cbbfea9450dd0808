import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { StartError } from '@books/runtime'
import { parse } from 'csv-parse'

/** A line of a file with named columns. */
export interface CsvRow {
  /** Where it begins in the file, from 1. */
  line: number
  values: Record<string, string>
}

/** Says where in a file something is wrong. */
export function errorAt(file: string, line: number, problem: string): StartError {
  return new StartError(`${file}:${line}: ${problem}`)
}

/** Reads a file whose first line names its columns, gunzipped if its name ends in `.gz`; `,` or `;` stands between values. */
export async function* readCsv(file: string): AsyncGenerator<CsvRow> {
  const source = createReadStream(file)
  const parser = parse({
    bom: true,
    columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
    delimiter: [',', ';'],
    info: true,
    skip_empty_lines: true,
    trim: true,
  })
  const streams = file.endsWith('.gz') ? ([source, createGunzip(), parser] as const) : ([source, parser] as const)
  const ended = Promise.withResolvers<void>()
  pipeline([...streams], (error) => (error ? ended.reject(error) : ended.resolve()))
  ended.promise.catch(() => {})

  try {
    for await (const { info, record } of parser) yield { line: info.lines, values: record }
    await ended.promise
  } catch (error) {
    throw readable(file, error as NodeJS.ErrnoException & { lines?: number })
  }
}

function readable(file: string, error: NodeJS.ErrnoException & { lines?: number }): Error {
  if (error instanceof StartError) return error
  if (error.code === 'ENOENT') return new StartError(`${file}: there is no such file`)
  return error.lines === undefined
    ? new StartError(`${file}: ${error.message}`)
    : errorAt(file, error.lines, error.message)
}
