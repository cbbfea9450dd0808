import { errorAt } from '@books/runtime/commands'
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'

/** A field of front matter. */
export interface Field {
  text: string
  /** The line in the file, from 1. */
  line: number
}

/** A file with front matter: YAML fields between two lines `---`, and the body. */
export interface FrontMatter {
  fields: Map<string, Field>
  /** The line of the second `---`. */
  endLine: number
  body: string
}

/** Parses a file. Throws at the first problem, with the file's name and the line. */
export function readFrontMatter(file: string, text: string): FrontMatter {
  const lines = text.split('\n')
  if (!isFence(lines[0])) throw errorAt(file, 1, 'an article begins with front matter, whose first line is "---"')
  const end = lines.findIndex((line, index) => index > 0 && isFence(line))
  if (end < 0) throw errorAt(file, 1, 'the front matter has no end: there is no second line "---"')

  // The empty line replaces the first `---`, so that YAML counts lines as in the file.
  const fields = readFields(file, ['', ...lines.slice(1, end), ''].join('\n'))
  return { fields, endLine: end + 1, body: lines.slice(end + 1).join('\n') }
}

function isFence(line: string | undefined): boolean {
  return line?.trimEnd() === '---'
}

function readFields(file: string, yaml: string): Map<string, Field> {
  const lineCounter = new LineCounter()
  const lineAt = (offset = 0) => lineCounter.linePos(offset).line
  // In this schema every value is text: the title 1984 is no number, and a date is no time.
  const { contents, errors, warnings } = parseDocument(yaml, { schema: 'failsafe', prettyErrors: false, lineCounter })
  const [wrong] = [...errors, ...warnings]
  if (wrong) throw errorAt(file, lineAt(wrong.pos[0]), problemOf(wrong))
  if (contents !== null && !isMap<Node, Node | null>(contents)) {
    throw errorAt(file, lineAt(contents.range?.[0]), 'the front matter must be lines such as "title: Why we reread"')
  }

  const fields = new Map<string, Field>()
  for (const { key, value } of contents?.items ?? []) {
    const line = lineAt(key.range?.[0])
    const name = findText(key)
    if (name === undefined) throw errorAt(file, line, 'the name of a field must be text')
    const loss = findLoss(key) ?? (value && findLoss(value))
    if (loss) throw errorAt(file, line, `${name} must be in quotes, as ${loss}`)
    const text = value === null ? '' : findText(value)
    if (text === undefined) throw errorAt(file, line, `${name} must be text`)
    fields.set(name, { text, line })
  }
  return fields
}

// A tag may turn a scalar into another type.
function findText(node: Node): string | undefined {
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined
}

/** What YAML leaves out of a text without an error. */
function findLoss(node: Node): string | undefined {
  if (!isScalar(node)) return undefined
  if (node.comment && node.type === 'PLAIN') return 'YAML leaves out what follows " #"'
  if (node.anchor) return 'YAML leaves out a word that begins with "&"'
  return node.tag && 'YAML leaves out a word that begins with "!"'
}

// YAML's own message about a colon in a value is hard to understand.
function problemOf({ code, message }: { code: string; message: string }): string {
  return code === 'BLOCK_AS_IMPLICIT_KEY' ? 'a value with ": " in it must be in quotes' : message
}
