import { StartError } from '@books/runtime'
import { errorAt, readCsv } from '@books/runtime/commands'

interface Layout<Row> {
  name: string
  columns: readonly string[]
  read(values: Record<string, string>): Row | string
}

/** Reads a file in whichever of the layouts its columns fit. The first line that is wrong ends it, by name and number. */
export async function* readFile<Row extends object>(
  file: string,
  layouts: readonly Layout<Row>[],
): AsyncGenerator<Row> {
  let layout: Layout<Row> | undefined
  for await (const { line, values } of readCsv(file)) {
    layout ??= findLayout(values, layouts)
    if (!layout) {
      const known = layouts.map(({ name, columns }) => `\n  ${columns.join(',')}  (${name})`)
      throw errorAt(file, 1, `the columns are none that are known, which are:${known.join('')}`)
    }
    const row = layout.read(values)
    if (typeof row === 'string') throw errorAt(file, line, row)
    yield row
  }
  if (!layout) throw new StartError(`${file}: there is nothing in it`)
}

function findLayout<Row>(values: Record<string, string>, layouts: readonly Layout<Row>[]): Layout<Row> | undefined {
  return layouts.find(({ columns }) => columns.every((column) => column in values))
}
