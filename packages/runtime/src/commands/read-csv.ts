import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type CsvError, parse } from 'csv-parse'
import { StartError } from '../start-error.ts'
import { errorAt } from './error-at.ts'

/** A line of a file with named columns. */
export interface CsvRow {
  /** Where it is in the file, from 1. */
  line: number
  values: Record<string, string>
}

/** What a reader of a file may want otherwise. */
export interface CsvOptions {
  /**
   * Told of each row with too few or too many values, which is then passed over, and of a quote that is out of place,
   * where reading ends: what follows could mean anything. Without it the first of them is thrown.
   */
  onBadRow?: (line: number, problem: string) => void
}

/**
 * Reads a file whose first line names its columns, gunzipped if its name ends in `.gz`. Between values stands `,`, or `;`
 * if the first line has more of those.
 */
export async function* readCsv(file: string, { onBadRow }: CsvOptions = {}): AsyncGenerator<CsvRow> {
  let lastLine = Number.POSITIVE_INFINITY
  function pass({ code, lines, message }: CsvError & { lines?: number }): undefined {
    if (lines === undefined || lastLine < Number.POSITIVE_INFINITY) return
    if (code !== 'CSV_RECORD_INCONSISTENT_COLUMNS') lastLine = lines
    onBadRow?.(lines, message)
  }

  try {
    const parser = parse({
      bom: true,
      columns: (names: string[]) => names.map((name) => name.toLowerCase()),
      delimiter: await delimiterOf(file),
      info: true,
      skip_empty_lines: true,
      trim: true,
      skip_records_with_error: onBadRow !== undefined,
      on_skip: (error) => error && pass(error),
    })
    const source = open(file)
    source.on('error', (error) => parser.destroy(error))
    for await (const { info, record } of source.pipe(parser)) {
      if (info.lines > lastLine) return
      yield { line: info.lines, values: record }
    }
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
