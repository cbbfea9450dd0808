import { isBlank } from '@books/runtime'
import { errorAt } from '@books/runtime/commands'
import type { Draft } from './article.ts'
import { type FrontMatter, readFrontMatter } from './front-matter.ts'
import { readUtcTime } from './utc-time.ts'

/** The maximum length of each text, in characters. */
const maxLengths = { title: 200, author: 100, summary: 500 }
const names = [...Object.keys(maxLengths), 'date']

/** Reads an article from the text of a file. Throws at the first problem, with the file's name and the line. */
export function readArticle(file: string, text: string): Omit<Draft, 'slug'> {
  const lines = text.replaceAll('\r\n', '\n')
  requireNoControls(file, lines)
  const frontMatter = readFrontMatter(file, lines)
  for (const [name, { line }] of frontMatter.fields) {
    if (!names.includes(name)) throw errorAt(file, line, `unknown field ${name}; there are ${names.join(', ')}`)
  }

  return {
    title: requireText(file, frontMatter, 'title'),
    author: requireText(file, frontMatter, 'author'),
    summary: requireText(file, frontMatter, 'summary'),
    createTime: readDate(file, frontMatter),
    content: requireBody(file, frontMatter),
  }
}

function requireText(file: string, { fields, endLine }: FrontMatter, name: keyof typeof maxLengths): string {
  const field = fields.get(name)
  if (!field) throw errorAt(file, endLine, `${name} is missing`)
  const text = field.text.replace(/[ \t\n]+/g, ' ').trim()
  if (isBlank(text)) throw errorAt(file, field.line, `${name} is empty`)
  if (Array.from(text).length > maxLengths[name])
    throw errorAt(file, field.line, `${name} must have at most ${maxLengths[name]} characters`)
  // YAML has escapes for characters that are not text.
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) throw errorAt(file, field.line, `${name} must be text`)
  return text
}

function readDate(file: string, { fields }: FrontMatter): Date | undefined {
  const field = fields.get('date')
  if (!field) return undefined
  const time = readUtcTime(field.text.trim())
  if (!time) throw errorAt(file, field.line, 'date must be a date, such as 2026-11-20 or 2026-11-20 09:30')
  return time
}

function requireBody(file: string, { body, endLine }: FrontMatter): string {
  const content = body.replace(/^(?:[ \t]*\n)+/, '').trimEnd()
  if (isBlank(content)) throw errorAt(file, endLine, 'there is no text after the front matter')
  return content
}

function requireNoControls(file: string, text: string): void {
  const at = text.search(/[^\P{Cc}\t\n]/u)
  if (at < 0) return
  const line = text.slice(0, at).split('\n').length
  throw errorAt(file, line, 'has a control character')
}
