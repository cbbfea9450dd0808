import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '@books/runtime'
import { findHomepageProblems } from '../containers/homepage.ts'
import { waitUntil } from '../containers/wait-until.ts'
import type { ComposedStore } from './composed-store.ts'
import { killEach } from './kill-each.ts'

const openWithinMs = 120_000
const title = 'Written in a container'
const draft = `---
title: ${title}
author: Ines Calloway
summary: What is written has to outlive whoever wrote it down.
---

All of it.
`

/** Opens a store, looks at its front page, writes an article, kills each container, and takes everything away again. */
export async function tryStore(
  store: ComposedStore,
  { signal, tell }: { signal: AbortSignal; tell(line: string): void },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'books-compose-'))
  try {
    await store.up()
    await waitUntil('the store opens', async () => (await findHomepageProblems(store.url)).length === 0, {
      withinMs: openWithinMs,
      signal,
    })
    tell(`open on ${store.url}, with the title and three books`)

    // Who runs in the container is somebody else.
    await chmod(folder, 0o755)
    await writeFile(join(folder, 'written-in-a-container.md'), draft)
    await publish()
    await waitUntil('the article is shown', async () => (await findLosses()).length === 0, { withinMs: 30_000, signal })
    tell('an article is published')

    const problems = await killEach(store, { findLosses, signal, tell })
    // Pages may be remembered; the database is asked itself. It adds what it does not know.
    if (!(await publish()).includes('updated')) problems.push('the database has lost the article that was published')
    if (problems.length > 0) throw new StartError(problems.join('\n'))
  } catch (error) {
    // Before there is nobody left to ask.
    if (!signal.aborted) tell(await store.readLog())
    throw error
  } finally {
    await store.down({ withData: true })
    await rm(folder, { recursive: true })
  }

  function publish(): Promise<string> {
    return store.runOnce('articles', ['src/commands/publish.ts', '/given/written-in-a-container.md'], folder)
  }

  async function findLosses(): Promise<string[]> {
    const page = await (await fetch(`${store.url}/articles`)).text()
    return page.includes(title) ? [] : ['the article that was published is not there']
  }
}
