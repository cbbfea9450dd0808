import { type PageName, pages } from './pages.fixture.ts'

/** One visit of a page. */
export interface Visit {
  /** Its number among all visits. */
  nth: number
  page: PageName
  path: string
  /** In milliseconds since 1970. */
  beganAt: number
  tookMs: number
  status: number
  /** The dependencies in `data-fallback`. */
  fallbacks: string[]
  /** Whether the page has all its content. */
  isComplete: boolean
}

/** Visits at a constant rate, whether or not earlier ones have ended, up to a limit. */
export interface Visitors {
  /** The visits that have ended. */
  readonly visits: readonly Visit[]
  /** Resolves once the running visits have ended. */
  stop(): Promise<void>
}

const names = Object.keys(pages) as PageName[]
// Reached only on a machine that is too slow; overload is tested elsewhere.
const maxRunning = 60

/** Visits all pages in turn: in every other round their first variant, which is cached, and otherwise one that is not. */
export function startVisitors(origin: string, perSecond: number): Visitors {
  const visits: Visit[] = []
  const running = new Set<Promise<void>>()
  let count = 0
  const timer = setInterval(() => {
    if (running.size >= maxRunning) return
    const round = Math.floor(count / names.length)
    const page = names[count % names.length]!
    const nth = count++
    const visiting = visit(origin, page, round % 2 === 0 ? 0 : round).then((seen) => {
      visits.push({ ...seen, nth })
      running.delete(visiting)
    })
    running.add(visiting)
  }, 1_000 / perSecond)

  return {
    visits,
    async stop() {
      clearInterval(timer)
      await Promise.all(running)
    },
  }
}

/** Visits each page once. */
export function visitAll(origin: string, nth = 0): Promise<Seen[]> {
  return Promise.all(names.map((name) => visit(origin, name, nth)))
}

type Seen = Omit<Visit, 'nth'>

async function visit(origin: string, page: PageName, nth: number): Promise<Seen> {
  const { request, content } = pages[page]
  const { path, cookie } = request(nth)
  const beganAt = Date.now()
  const began = performance.now()
  const { status, body } = await get(`${origin}${path}`, cookie ? { cookie } : {})
  const tookMs = performance.now() - began

  const fallbacks = [...body.matchAll(/data-fallback="([^"]*)"/g)].map(([, name = '']) => name)
  const isComplete = status === 200 && fallbacks.length === 0 && content.test(body)
  return { page, path, beganAt, tookMs, status, fallbacks: [...new Set(fallbacks)], isComplete }
}

/** The status and body of a response; the status is 0 where there was none. */
async function get(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  try {
    const response = await fetch(url, { headers, redirect: 'manual' })
    return { status: response.status, body: await response.text() }
  } catch {
    return { status: 0, body: '' }
  }
}
