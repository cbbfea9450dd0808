import { isUtf8 } from 'node:buffer'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { StartError } from '@books/runtime'
import { errorAt } from '@books/runtime/commands'
import type { Draft } from './article.ts'
import { readArticle } from './read-article.ts'

// A hundred articles of this size fit into one message of 4 MiB.
const maxBytes = 40_000
const maxSlugLength = 100
const newline = 0x0a

/** Reads an article from a Markdown file. An error names the file, and the line where there is one. */
export async function readArticleFile(file: string): Promise<Draft> {
  const slug = slugOf(file)
  const bytes = await readBytes(file)
  if (!isUtf8(bytes)) throw errorAt(file, lineNotUtf8(bytes), 'is not UTF-8')

  return { slug, ...readArticle(file, new TextDecoder().decode(bytes)) }
}

function slugOf(file: string): string {
  const [, slug] = /^([a-z0-9]+(?:-[a-z0-9]+)*)\.md$/.exec(basename(file)) ?? []
  if (!slug)
    throw new StartError(`${file}: the name must be lower-case letters, digits and hyphens, such as why-we-reread.md`)
  if (slug.length > maxSlugLength)
    throw new StartError(`${file}: the name must have at most ${maxSlugLength} characters`)
  return slug
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    const found = await stat(file)
    if (!found.isFile()) throw new StartError(`${file}: is not a file`)
    if (found.size > maxBytes) throw new StartError(`${file}: must have at most ${maxBytes} bytes, not ${found.size}`)
    return await readFile(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new StartError(`${file}: there is no such file`)
    throw code ? new StartError(`${file}: cannot be read (${code})`) : error
  }
}

// No UTF-8 sequence contains the byte of a newline, so each line can be checked on its own.
function lineNotUtf8(bytes: Buffer): number {
  let line = 1
  for (let start = 0; ; line++) {
    const end = bytes.indexOf(newline, start)
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line
    start = end + 1
  }
}
