import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '@books/runtime'
import { findHomepageProblems } from '../containers/homepage.ts'
import { waitUntil } from '../containers/wait-until.ts'
import type { ComposedStore } from './composed-store.ts'
import { killEach } from './kill-each.ts'
import { measureRest } from './measure-rest.ts'

const openWithinMs = 180_000
// Of one core, for each container.
const mostAtRest = 0.008
const title = 'Written in a container'
const draft = `---
title: ${title}
author: Ines Calloway
summary: It is still there after every container was killed.
---

All of it.
`

/** Opens a store, publishes an article, measures it at rest, kills each container, and removes everything. */
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

    // The container runs as another user.
    await chmod(folder, 0o755)
    await writeFile(join(folder, 'written-in-a-container.md'), draft)
    await publish()
    await waitUntil('the article is shown', async () => (await findLosses()).length === 0, { withinMs: 30_000, signal })
    tell('an article is published')

    const share = await measureRest(store, signal)
    const most = mostAtRest * (await store.countContainers())
    const rest = `at rest all containers together take ${(share * 100).toFixed(1)} % of a core`
    tell(rest)

    const problems = await killEach(store, { findLosses, signal, tell })
    // Pages may be remembered, so the database is asked: publishing again updates the article that it has.
    if (!(await publish()).includes('updated')) problems.push('the database has lost the article that was published')
    if (share > most) problems.push(`${rest}, and not ${(most * 100).toFixed(1)} % at most`)
    if (problems.length > 0) throw new StartError(problems.join('\n'))
  } catch (error) {
    // Before the containers are removed.
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
