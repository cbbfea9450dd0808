import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import { StartError } from '../start-error.ts'
import { errorAt } from './error-at.ts'

/** A line of a file with named columns. */
export interface CsvRow {
  /** Where it is in the file, from 1. */
  line: number
  values: Record<string, string>
}

/**
 * Reads a file whose first line names its columns, gunzipped if its name ends in `.gz`. Between values stands `,`, or `;`
 * if the first line has more of those.
 */
export async function* readCsv(file: string): AsyncGenerator<CsvRow> {
  try {
    const parser = parse({
      bom: true,
      columns: (names: string[]) => names.map((name) => name.toLowerCase()),
      delimiter: await delimiterOf(file),
      info: true,
      skip_empty_lines: true,
      trim: true,
    })
    const source = open(file)
    source.on('error', (error) => parser.destroy(error))
    for await (const { info, record } of source.pipe(parser)) yield { line: info.lines, values: record }
  } catch (error) {
    throw readable(file, error as Error)
  }
}

async function delimiterOf(file: string): Promise<string> {
  const source = open(file)
  try {
    for await (const line of createInterface({ input: source })) {
      return line.split(';').length > line.split(',').length ? ';' : ','
    }
    return ','
  } finally {
    source.destroy()
  }
}

function open(file: string): Readable {
  const source = createReadStream(file)
  const output = new PassThrough()
  // An error on the way arrives at the output, which whoever reads it sees.
  if (file.endsWith('.gz')) pipeline(source, createGunzip(), output, () => {})
  else pipeline(source, output, () => {})
  return output
}

function readable(file: string, error: Error & { code?: string; lines?: number }): Error {
  if (error instanceof StartError) return error
  if (error.code === 'ENOENT') return new StartError(`${file}: there is no such file`)
  return error.lines === undefined
    ? new StartError(`${file}: ${error.message}`)
    : errorAt(file, error.lines, error.message)
}
