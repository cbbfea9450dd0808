import { type PageName, pages } from './pages.fixture.ts'

/** What one visitor saw of a page. */
export interface Visit {
  /** Which one it was of those who came. */
  nth: number
  page: PageName
  path: string
  /** In milliseconds since 1970. */
  beganAt: number
  tookMs: number
  status: number
  /** The dependencies that the page says it fell back for. */
  fallbacks: string[]
  /** Whether everything is there. */
  isWhole: boolean
}

/** Visitors who come at a steady pace, whether or not those before them have been served, up to a point. */
export interface Visitors {
  /** Who has been served so far. */
  readonly visits: readonly Visit[]
  /** Resolves once those who are in the shop have left. */
  stop(): Promise<void>
}

const names = Object.keys(pages) as PageName[]
// More are inside only where the machine is too busy for this; a crowd is another matter.
const mostInside = 60

/** Sends visitors to all pages in turn: every other round to where all go, and else to where nobody was lately. */
export function startVisitors(origin: string, perSecond: number): Visitors {
  const visits: Visit[] = []
  const inside = new Set<Promise<void>>()
  let count = 0
  const timer = setInterval(() => {
    if (inside.size >= mostInside) return
    const round = Math.floor(count / names.length)
    const page = names[count % names.length]!
    const nth = count++
    const visiting = visit(origin, page, round % 2 === 0 ? 0 : round).then((seen) => {
      visits.push({ ...seen, nth })
      inside.delete(visiting)
    })
    inside.add(visiting)
  }, 1_000 / perSecond)

  return {
    visits,
    async stop() {
      clearInterval(timer)
      await Promise.all(inside)
    },
  }
}

/** Sends one visitor to each page. */
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
  const isWhole = status === 200 && fallbacks.length === 0 && content.test(body)
  return { page, path, beganAt, tookMs, status, fallbacks: [...new Set(fallbacks)], isWhole }
}

/** What came of a request; the status is 0 where there was no answer. */
async function get(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  try {
    const response = await fetch(url, { headers, redirect: 'manual' })
    return { status: response.status, body: await response.text() }
  } catch {
    return { status: 0, body: '' }
  }
}
