import { StartError } from '@books/runtime'
import { errorAt, readCsv } from '@books/runtime/commands'
import { type BookRow, columns, readBookRow } from './book-row.ts'
import { createProblems } from './problems.ts'

/** Reads a file of books. Throws one error with all problems of the file. */
export async function readBookFile(file: string): Promise<BookRow[]> {
  const problems = createProblems(file)
  const rows: BookRow[] = []
  let isFirst = true

  for await (const { line, values } of readCsv(file, { onBadRow: problems.add })) {
    if (isFirst) requireColumns(file, Object.keys(values))
    isFirst = false
    const row = readBookRow(line, values, (problem) => problems.add(line, problem))
    if (row) rows.push(row)
  }
  problems.throwIfAny()
  if (rows.length === 0) throw new StartError(`${file}: there are no books in it`)
  return rows
}

function requireColumns(file: string, names: readonly string[]): void {
  const known = [...columns.required, ...columns.optional]
  const missing = columns.required.filter((name) => !names.includes(name))
  const unknown = names.filter((name) => !known.includes(name))
  if (missing.length > 0) throw errorAt(file, 1, `missing columns ${missing.join(', ')}`)
  if (unknown.length > 0) throw errorAt(file, 1, `unknown columns ${unknown.join(', ')}; there are ${known.join(', ')}`)
}
