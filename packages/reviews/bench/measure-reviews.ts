import { performance } from 'node:perf_hooks'
import { ReviewSort, ReviewsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import { startLiveServer } from '@books/rpc/testing'
import { type BenchServerSettings, books } from './bench-server.ts'

/** What is measured. */
export interface Run extends BenchServerSettings {
  /** Calls of each kind. */
  calls: number
}

/** The median and the 99th percentile of calls, in milliseconds. */
export interface Times {
  p50: number
  p99: number
}

/** ListReviews of a book with ten reviews, and of one with many. */
export interface Row {
  list: string
  ten: Times
  many: Times
}

/** What was measured. */
export interface Measured {
  rows: Row[]
  /** The first call of ListTopRated, which ranks all books, in milliseconds, and later ones. */
  ranking: { first: number; later: Times }
}

type Reviews = Client<typeof ReviewsServiceService>

const sorts = {
  helpful: ReviewSort.REVIEW_SORT_HELPFUL,
  newest: ReviewSort.REVIEW_SORT_NEWEST,
  highest: ReviewSort.REVIEW_SORT_HIGHEST,
  lowest: ReviewSort.REVIEW_SORT_LOWEST,
}
const pagesBefore = 50

/** Measures ListReviews of a book with many reviews beside one with ten: each order, with and without stars, first and later pages. */
export async function measureReviews({ calls, ...settings }: Run): Promise<Measured> {
  await using server = await startLiveServer(new URL('./bench-server.ts', import.meta.url), {
    settings,
    withinMs: 300_000,
  })
  const client = server.client(ReviewsServiceService)

  const rows: Row[] = []
  for (const [name, sort] of Object.entries(sorts)) {
    for (const stars of [0, 4]) {
      const list = stars > 0 ? `${name}, ${stars} stars` : name
      const ten = { bookId: stars > 0 ? books.tenOfFour : books.ten, sort, stars, readerId: 5 }
      const many = { ...ten, bookId: books.many }
      rows.push({ list, ...(await compare(client, ten, many, calls)) })
      const pageToken = await findPage(client, many)
      rows.push({
        list: `${list}, page ${pagesBefore}`,
        ...(await compare(client, ten, { ...many, pageToken }, calls)),
      })
    }
  }

  const rank = () => client.listTopRated({ category: 1, pageSize: 24 })
  const first = await timed(rank)
  const later: number[] = []
  for (let call = 0; call < calls; call++) later.push(await timed(rank))
  return { rows, ranking: { first, later: timesOf(later) } }
}

type Request = Parameters<Reviews['listReviews']>[0]

/** They take turns, so that what else the machine does meets both. */
async function compare(client: Reviews, ten: Request, many: Request, calls: number): Promise<Omit<Row, 'list'>> {
  const times = { ten: [] as number[], many: [] as number[] }
  for (let call = -Math.min(calls, 50); call < calls; call++) {
    const [ofTen, ofMany] = [await timed(() => client.listReviews(ten)), await timed(() => client.listReviews(many))]
    // The first calls only warm up.
    if (call < 0) continue
    times.ten.push(ofTen)
    times.many.push(ofMany)
  }
  return { ten: timesOf(times.ten), many: timesOf(times.many) }
}

async function findPage(client: Reviews, request: Request): Promise<string> {
  let pageToken = ''
  for (let page = 1; page < pagesBefore; page++) {
    const { nextPageToken } = await client.listReviews({ ...request, pageToken })
    if (nextPageToken === '') break
    pageToken = nextPageToken
  }
  return pageToken
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await call()
  return performance.now() - started
}

function timesOf(times: readonly number[]): Times {
  const sorted = times.toSorted((one, other) => one - other)
  const percentile = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0
  return { p50: percentile(0.5), p99: percentile(0.99) }
}
