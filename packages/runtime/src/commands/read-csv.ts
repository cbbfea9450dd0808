import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type CsvError, type Info as CsvInfo, parse } from 'csv-parse'
import { StartError } from '../start-error.ts'
import { errorAt } from './error-at.ts'

/** A row of a CSV file. */
export interface CsvRow {
  /** The line of the file where the row begins, from 1. */
  line: number
  values: Record<string, string>
}

/** How to read a file. */
export interface CsvOptions {
  /**
   * Called for each row with too few or too many values or with a NUL character, which is then skipped, and for a misplaced
   * quote, where reading ends. Without it the first such problem is thrown.
   */
  onBadRow?: (line: number, problem: string) => void
}

// A quote that is not closed must not read the rest of a large file into memory.
const maxRowBytes = 1_000_000

/**
 * Reads a file whose first line names its columns, gunzipped if its name ends in `.gz`. The delimiter is `,`, or `;` if the
 * first line has more of those.
 */
export async function* readCsv(file: string, { onBadRow }: CsvOptions = {}): AsyncGenerator<CsvRow> {
  const rowStart = createRowCounter()
  let hasEnded = false
  function skip(error: CsvError): undefined {
    if (hasEnded) return
    hasEnded = error.code !== 'CSV_RECORD_INCONSISTENT_COLUMNS'
    onBadRow?.(rowStart.next(error as CsvError & Position), error.message)
  }

  try {
    const parser = parse({
      bom: true,
      columns: (names: string[]) => {
        rowStart.skipHeader(names)
        return distinct(file, names)
      },
      delimiter: await delimiterOf(file),
      max_record_size: maxRowBytes,
      on_record: (values: Record<string, string>, position) => {
        const line = rowStart.next(position)
        // No text of a database may have one.
        const hasNul = Object.values(values).some((value) => value.includes('\0'))
        if (hasNul && !onBadRow) throw errorAt(file, line, nulProblem)
        if (hasNul && !hasEnded) onBadRow?.(line, nulProblem)
        return hasNul || hasEnded ? undefined : { line, values }
      },
      skip_empty_lines: true,
      trim: true,
      skip_records_with_error: onBadRow !== undefined,
      on_skip: (error) => error && skip(error),
    })
    const source = open(file)
    source.on('error', (error) => parser.destroy(error))
    yield* source.pipe(parser) as AsyncIterable<CsvRow>
  } catch (error) {
    throw startErrorOf(file, error as Error, rowStart)
  }
}

const nulProblem = 'has a NUL character'

/** Where the parser is: the last line that it has read, and how many empty ones it has skipped. */
type Position = Pick<CsvInfo, 'lines' | 'empty_lines'>
type RowCounter = ReturnType<typeof createRowCounter>

/** Counts where rows begin: the parser itself only says where they end. */
function createRowCounter() {
  let [nextLine, emptyLines] = [1, 0]
  return {
    skipHeader(names: readonly string[]) {
      nextLine += names.join('').split('\n').length
    },
    next({ lines, empty_lines }: Position): number {
      const line = nextLine + empty_lines - emptyLines
      ;[nextLine, emptyLines] = [lines + 1, empty_lines]
      return line
    },
  }
}

/** The names of columns in lower case. Throws where two are the same. */
function distinct(file: string, names: readonly string[]): string[] {
  const lower = names.map((name) => name.toLowerCase())
  const double = lower.find((name, index) => name !== '' && lower.indexOf(name) !== index)
  if (double !== undefined) throw errorAt(file, 1, `there are two columns ${double}`)
  return lower
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

function startErrorOf(file: string, error: Error & { code?: string } & Partial<Position>, rowStart: RowCounter): Error {
  if (error instanceof StartError) return error
  if (error.code === 'ENOENT') return new StartError(`${file}: there is no such file`)
  const { lines, empty_lines, message } = error
  if (lines === undefined || empty_lines === undefined) return new StartError(`${file}: ${message}`)
  return errorAt(file, rowStart.next({ lines, empty_lines }), message)
}
