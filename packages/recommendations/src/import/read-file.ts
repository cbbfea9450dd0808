import { StartError } from '@books/runtime'
import { errorAt, readCsv } from '@books/runtime/commands'

/** A file layout: the columns that it must have, and how a line is read. */
export interface Layout<Row> {
  name: string
  columns: readonly string[]
  /** Reads a line, or returns what is wrong with it. */
  read(values: Record<string, string>): Row | string
}

/** Reads a file in the first layout that fits its columns. Throws a `StartError` with file and line at the first wrong line. */
export async function* readFile<Row extends object>(
  file: string,
  layouts: readonly Layout<Row>[],
): AsyncGenerator<Row> {
  let layout: Layout<Row> | undefined
  for await (const { line, values } of readCsv(file)) {
    layout ??= findLayout(values, layouts)
    if (!layout) {
      const known = layouts.map(({ name, columns }) => `\n  ${columns.join(',')}  (${name})`)
      throw errorAt(file, 1, `the columns fit no known layout, which are:${known.join('')}`)
    }
    const row = layout.read(values)
    if (typeof row === 'string') throw errorAt(file, line, row)
    yield row
  }
  if (!layout) throw new StartError(`${file}: the file is empty`)
}

function findLayout<Row>(values: Record<string, string>, layouts: readonly Layout<Row>[]): Layout<Row> | undefined {
  return layouts.find(({ columns }) => columns.every((column) => column in values))
}
