import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Draft } from './article.ts'
import { readArticleFile } from './read-article-file.ts'

const folder = fileURLToPath(new URL('../journal/', import.meta.url))

/** The articles of a new store, the oldest first. */
export async function readFirstArticles(): Promise<Draft[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md'))
  const drafts = await Promise.all(names.map((name) => readArticleFile(join(folder, name))))
  return drafts.toSorted((one, other) => timeOf(one) - timeOf(other))
}

function timeOf({ createTime }: Draft): number {
  return createTime?.getTime() ?? 0
}
