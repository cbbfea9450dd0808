import { errorAt } from '@books/runtime/commands'
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'

/** What a field of front matter says. */
export interface Field {
  text: string
  /** Where it is in the file, from 1. */
  line: number
}

/** A file with front matter: YAML fields between two lines `---`, and what follows. */
export interface FrontMatter {
  fields: Map<string, Field>
  /** The line of the second `---`. */
  endLine: number
  body: string
}

/** Takes a file apart. The first thing that is wrong is thrown, with the file's name and its line. */
export function readFrontMatter(file: string, text: string): FrontMatter {
  const lines = text.split('\n')
  if (!isFence(lines[0])) throw errorAt(file, 1, 'an article begins with front matter, and that with a line "---"')
  const end = lines.findIndex((line, index) => index > 0 && isFence(line))
  if (end < 0) throw errorAt(file, 1, 'the front matter has no end: there is no second line "---"')

  // The empty line stands for the first `---`, so that YAML counts lines as the file does.
  const fields = readFields(file, ['', ...lines.slice(1, end), ''].join('\n'))
  return { fields, endLine: end + 1, body: lines.slice(end + 1).join('\n') }
}

function isFence(line: string | undefined): boolean {
  return line?.trimEnd() === '---'
}

function readFields(file: string, yaml: string): Map<string, Field> {
  const lineCounter = new LineCounter()
  const lineAt = (offset = 0) => lineCounter.linePos(offset).line
  // In this schema every value is text as it stands: the title 1984 is no number, and no date is a time.
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
    const text = value === null ? '' : findText(value)
    if (text === undefined) throw errorAt(file, line, `${name} must be text`)
    fields.set(name, { text, line })
  }
  return fields
}

// A tag may make something else of a scalar.
function findText(node: Node): string | undefined {
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined
}

// What YAML says of a colon in a value helps nobody who does not know YAML.
function problemOf({ code, message }: { code: string; message: string }): string {
  return code === 'BLOCK_AS_IMPLICIT_KEY' ? 'a value with ": " in it must stand in quotes' : message
}
