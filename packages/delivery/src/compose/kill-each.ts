import { setTimeout as delay } from 'node:timers/promises'
import { findHomepageProblems } from '../containers/homepage.ts'
import { waitUntil } from '../containers/wait-until.ts'
import type { ComposedStore } from './composed-store.ts'
import { sendVisitors } from './visitors.ts'

const downMs = 2_000
const wholeWithinMs = 60_000

/** How a store is observed after a kill. */
export interface KillOptions {
  /** What was stored and is missing. */
  findLosses(): Promise<string[]>
  signal: AbortSignal
  tell(line: string): void
}

/**
 * Kills each container of a store once while visitors come, and starts it again two seconds later. Returns the problems: pages
 * that did not open (other than while the marketplace was down), and what was not as before within a minute.
 */
export async function killEach(store: ComposedStore, options: KillOptions): Promise<string[]> {
  const { findLosses, signal, tell } = options
  const visitors = sendVisitors(store.url)
  const problems: string[] = []

  try {
    for (const service of await store.listServices()) {
      visitors.report()
      await store.kill(service)
      await delay(downMs, undefined, { signal })
      const isMarketplace = service === 'marketplace'
      await store.start(service)
      const startedMs = Date.now()
      if (isMarketplace) await waitUntil('the store opens', () => opens(store.url), { withinMs: wholeWithinMs, signal })
      // Visits while the marketplace was down have failed by now.
      const meanwhile = isMarketplace ? visitors.report() : undefined

      let missing: string[] = []
      const isWhole = async () => {
        // The container first: pages may show what the marketplace remembers.
        missing = (await store.isHealthy(service)) ? [] : [`${service} is not healthy`]
        if (missing.length === 0) missing = [...(await findHomepageProblems(store.url)), ...(await findLosses())]
        return missing.length === 0
      }
      await waitUntil('whole again', isWhole, { withinMs: wholeWithinMs, signal }).catch((error) => {
        signal.throwIfAborted()
        problems.push(...missing.map((what) => `${service} was killed, and after ${wholeWithinMs / 1_000} s ${what}`))
        if (missing.length === 0) throw error
      })
      const wholeMs = Date.now() - startedMs
      const { opened, failures } = visitors.report()
      const away = meanwhile ? `, ${meanwhile.failures.length} did not while the marketplace was down` : ''
      tell(
        `killed ${service.padEnd(16)} whole ${wholeMs} ms after its start; ${opened} pages opened, ${failures.length} did not${away}`,
      )
      problems.push(...failures.map((failure) => `${service} was killed, and a page did not open: ${failure}`))
    }
  } finally {
    await visitors.leave()
  }
  return problems
}

async function opens(url: string): Promise<boolean> {
  return (await findHomepageProblems(url)).every((problem) => problem.includes('<li>'))
}
