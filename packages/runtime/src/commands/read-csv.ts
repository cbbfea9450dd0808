import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type CsvError, parse } from 'csv-parse'
import { StartError } from '../start-error.ts'
import { errorAt } from './error-at.ts'

/** A row of a CSV file. */
export interface CsvRow {
  /** The line in the file, from 1. */
  line: number
  values: Record<string, string>
}

/** How to read a file. */
export interface CsvOptions {
  /**
   * Called for each row with too few or too many values, which is then skipped, and for a misplaced quote, where reading
   * ends. Without it the first such problem is thrown.
   */
  onBadRow?: (line: number, problem: string) => void
}

/**
 * Reads a file whose first line names its columns, gunzipped if its name ends in `.gz`. The delimiter is `,`, or `;` if the
 * first line has more of those.
 */
export async function* readCsv(file: string, { onBadRow }: CsvOptions = {}): AsyncGenerator<CsvRow> {
  let lastLine = Number.POSITIVE_INFINITY
  function skip({ code, lines, message }: CsvError & { lines?: number }): undefined {
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
      on_skip: (error) => error && skip(error),
    })
    const source = open(file)
    source.on('error', (error) => parser.destroy(error))
    for await (const { info, record } of source.pipe(parser)) {
      if (info.lines > lastLine) return
      yield { line: info.lines, values: record }
    }
  } catch (error) {
    throw startErrorOf(file, error as Error)
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
  // An error of any step destroys the output, so that its reader gets it.
  if (file.endsWith('.gz')) pipeline(source, createGunzip(), output, () => {})
  else pipeline(source, output, () => {})
  return output
}

function startErrorOf(file: string, error: Error & { code?: string; lines?: number }): Error {
  if (error instanceof StartError) return error
  if (error.code === 'ENOENT') return new StartError(`${file}: there is no such file`)
  return error.lines === undefined
    ? new StartError(`${file}: ${error.message}`)
    : errorAt(file, error.lines, error.message)
}
