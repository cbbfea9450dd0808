import { setTimeout as delay } from 'node:timers/promises'

/** Visitors who open pages of a store without end. */
export interface Visitors {
  /** How many pages opened since the last report, and which did not. */
  report(): { opened: number; failures: string[] }
  leave(): Promise<void>
}

const pages = ['/', '/categories/mystery', '/books/1', '/articles', '/articles/1', '/search?q=sea']
const atATime = 2
// Less than ten pages a second, so that a machine of two cores has its time for the containers.
const pauseMs = 200
const waitForReadyMs = 10_000

/** Sends visitors from page to page until they leave. */
export function sendVisitors(url: string): Visitors {
  let isOpen = true
  let opened = 0
  let failures: string[] = []

  async function visit(first: number): Promise<void> {
    for (let nth = first; isOpen; nth++) {
      const page = pages[nth % pages.length] ?? '/'
      const problem = await problemOf(`${url}${page}`)
      if (problem) failures.push(`${page}: ${problem}`)
      else opened += 1
      await delay(pauseMs)
    }
  }
  const visitors = Array.from({ length: atATime }, (_, first) => visit(first))

  return {
    report() {
      const reported = { opened, failures }
      opened = 0
      failures = []
      return reported
    },
    async leave() {
      isOpen = false
      await Promise.all(visitors)
    },
  }
}

async function problemOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(waitForReadyMs) })
    await response.text()
    return response.ok ? undefined : `status ${response.status}`
  } catch (error) {
    const { message, cause } = error as Error
    return (cause as Error | undefined)?.message || message
  }
}
