import { StartError } from '@books/runtime'
import type { Draft } from './article.ts'
import { readArticleFile } from './read-article-file.ts'

/** Reads articles from files, whose names must be distinct. */
export async function readDrafts(files: readonly string[]): Promise<Draft[]> {
  const drafts = new Map<string, Draft>()
  for (const file of files) {
    const draft = await readArticleFile(file)
    if (drafts.has(draft.slug)) throw new StartError(`${file}: another file has the same name`)
    drafts.set(draft.slug, draft)
  }
  return [...drafts.values()]
}
