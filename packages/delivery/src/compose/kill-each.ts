import { setTimeout as delay } from 'node:timers/promises'
import { findHomepageProblems } from '../containers/homepage.ts'
import { waitUntil } from '../containers/wait-until.ts'
import type { ComposedStore } from './composed-store.ts'
import { sendVisitors } from './visitors.ts'

const downMs = 2_000
const wholeWithinMs = 30_000

/** What a store is asked after a kill. */
export interface KillOptions {
  /** What else has to be as it was; says what is not. */
  findLosses(): Promise<string[]>
  signal: AbortSignal
  tell(line: string): void
}

/**
 * Kills each container of a store once while visitors come, and starts it again two seconds later. Says what was wrong: pages
 * that did not open (but while the shop itself was away), and what was not whole again within 30 seconds.
 */
export async function killEach(store: ComposedStore, options: KillOptions): Promise<string[]> {
  const { findLosses, signal, tell } = options
  const services = await store.listServices()
  const visitors = sendVisitors(store.url)
  const problems: string[] = []

  try {
    for (const service of services) {
      visitors.report()
      await store.kill(service)
      await delay(downMs, undefined, { signal })
      const isShop = service === 'marketplace'
      await store.start(service)
      const startedMs = Date.now()
      if (isShop) await waitUntil('the shop opens', () => opens(store.url), { withinMs: wholeWithinMs, signal })
      // Those who met a closed door have been told so by now.
      const meanwhile = isShop ? visitors.report() : undefined

      let missing: string[] = []
      const isWhole = async () => {
        missing = [
          ...(await listUnwell(store, services)),
          ...(await findHomepageProblems(store.url)),
          ...(await findLosses()),
        ]
        return missing.length === 0
      }
      await waitUntil('whole again', isWhole, { withinMs: wholeWithinMs, signal }).catch((error) => {
        signal.throwIfAborted()
        problems.push(...missing.map((what) => `${service} was killed, and after 30 s ${what}`))
        if (missing.length === 0) throw error
      })
      const wholeMs = Date.now() - startedMs
      const { opened, failures } = visitors.report()
      const away = meanwhile ? `, ${meanwhile.failures.length} not while the shop was away` : ''
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

async function listUnwell(store: ComposedStore, services: readonly string[]): Promise<string[]> {
  const health = await Promise.all(services.map(async (service) => [service, await store.healthOf(service)] as const))
  return health
    .filter(([, now]) => !['healthy', 'running'].includes(now))
    .map(([service, now]) => `${service} is ${now}`)
}
