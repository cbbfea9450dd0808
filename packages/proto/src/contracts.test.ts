import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from '@jest/globals'
import {
  ArticleDetailRequest,
  ArticleDetailResponse,
  ArticleListRequest,
  ArticleListResponse,
  ArticleServiceService,
  Availability,
  Book,
  BookCategory,
  BookRecommendation,
  Category,
  EchoReply,
  EchoRequest,
  EchoService,
  Feature,
  GetBooksRequest,
  InventoryServiceService,
  Point,
  RecommendationRequest,
  RecommendationResponse,
  RecommendationsService,
  Rectangle,
  RouteGuideService,
  RouteNote,
  RouteSummary,
  WatchBooksRequest,
  WatchBooksResponse,
} from './index.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

// Bytes as clients in other languages have always sent them; see the protobuf encoding for how to read them.
describe('the recommendations contract on the wire', () => {
  it('reads a request of the first clients', () => {
    const bytes = Buffer.from('0801' + '1001' + '1803', 'hex') // user_id = 1, category = 1, max_results = 3

    expect(RecommendationRequest.decode(bytes)).toMatchObject({
      userId: 1,
      category: BookCategory.SCIENCE_FICTION,
      maxResults: 3,
    })
  })

  it('reads absent fields as zero, the mystery shelf among them', () => {
    expect(RecommendationRequest.decode(Buffer.alloc(0))).toMatchObject({
      userId: 0,
      category: BookCategory.MYSTERY,
      maxResults: 0,
    })
  })

  it('answers what the first clients read', () => {
    const book = BookRecommendation.fromPartial({ id: 6, title: 'Dune' })
    const answer = RecommendationResponse.encode({ recommendations: [book] }).finish()

    // recommendations = 1 { id = 1: 6, title = 2: "Dune" }
    expect(Buffer.from(answer).toString('hex')).toBe('0a08' + '0806' + '120444756e65')
  })

  it('keeps a category that it does not know', () => {
    expect(RecommendationRequest.decode(Buffer.from('1063', 'hex')).category).toBe(99)
  })

  it('is called by the path of the first clients', () => {
    expect(RecommendationsService.recommend.path).toBe('/Recommendations/Recommend')
    expect([BookCategory.MYSTERY, BookCategory.SCIENCE_FICTION, BookCategory.SELF_HELP]).toEqual([0, 1, 2])
  })
})

describe('the article contract on the wire', () => {
  it('reads requests of the first clients', () => {
    const list = Buffer.from('0802' + '101e', 'hex') // page = 2, page_size = 30
    const detail = Buffer.from('08ac02', 'hex') // pk = 300

    expect(ArticleListRequest.decode(list)).toEqual({ page: 2, pageSize: 30 })
    expect(ArticleDetailRequest.decode(detail)).toEqual({ pk: 300 })
  })

  it('reads absent fields as zero, and a negative number as it is', () => {
    const negative = Buffer.from('08ffffffffffffffffff01', 'hex') // page = -1, in ten bytes as protobuf has it

    expect(ArticleListRequest.decode(Buffer.alloc(0))).toEqual({ page: 0, pageSize: 0 })
    expect(ArticleDetailRequest.decode(Buffer.alloc(0))).toEqual({ pk: 0 })
    expect(ArticleListRequest.decode(negative)).toEqual({ page: -1, pageSize: 0 })
  })

  it('answers what the first clients read, and the rest on numbers that they pass over', () => {
    const texts = { title: 'On', content: '*x*', createTime: '2026-11-20 09:30:00', author: 'A', summary: 'S' }
    const article = { id: 7, ...texts }
    // id = 1: 7, title = 2: "On", content = 3: "*x*", create_time = 4: "2026-11-20 09:30:00"
    const first = '0807' + '12024f6e' + '1a032a782a' + '2213323032362d31312d32302030393a33303a3030'
    // author = 5: "A", summary = 6: "S"
    const added = '2a0141' + '320153'

    const list = ArticleListResponse.encode({ articles: [article], total: 1 }).finish()
    const detail = ArticleDetailResponse.encode({ article }).finish()

    expect(Buffer.from(list).toString('hex')).toBe('0a26' + first + added + '1001') // articles = 1, total = 2
    expect(Buffer.from(detail).toString('hex')).toBe('0a26' + first + added) // article = 1
  })

  it('is called by the paths of the first clients', () => {
    expect(ArticleServiceService.articleList.path).toBe('/ArticleService/ArticleList')
    expect(ArticleServiceService.articleDetail.path).toBe('/ArticleService/ArticleDetail')
  })
})

describe('the inventory contract on the wire', () => {
  it('reads ids packed and one by one', () => {
    const packed = Buffer.from('0a03' + '01' + 'ac02', 'hex') // ids = 1: [1, 300]
    const single = Buffer.from('0801' + '08ac02', 'hex') // ids = 1: 1, ids = 1: 300

    expect(GetBooksRequest.decode(packed)).toEqual({ ids: [1, 300] })
    expect(GetBooksRequest.decode(single)).toEqual({ ids: [1, 300] })
  })

  it('writes a book with a price of more than 32 bits and a year before the common era', () => {
    const book = {
      id: 6,
      title: 'Dune',
      author: 'F',
      year: -1,
      category: 2 as Category,
      priceCents: 2 ** 40,
      currency: 'EUR',
      availability: Availability.AVAILABILITY_FEW_LEFT,
      copiesLeft: 2,
    }
    const bytes =
      '0806' + // id = 1: 6
      '120444756e65' + // title = 2: "Dune"
      '1a0146' + // author = 3: "F"
      '20ffffffffffffffffff01' + // year = 4: -1, as ten bytes
      '2802' + // category = 5: science fiction
      '30808080808020' + // price_cents = 6: 2^40
      '3a03455552' + // currency = 7: "EUR"
      '4002' + // availability = 8: few left
      '4802' // copies_left = 9: 2

    expect(Buffer.from(Book.encode(book).finish()).toString('hex')).toBe(bytes)
    expect(Book.decode(Buffer.from(bytes, 'hex'))).toEqual(book)
  })

  it('tells a watcher where it is, also where there are no books', () => {
    const answer = WatchBooksResponse.encode({ books: [], revision: 312, isCurrent: true }).finish()

    // revision = 2: 312, is_current = 3: true
    expect(Buffer.from(answer).toString('hex')).toBe('10b802' + '1801')
    expect(WatchBooksRequest.decode(Buffer.from('08b802', 'hex'))).toEqual({ afterRevision: 312 })
  })

  it('keeps its numbers and paths', () => {
    expect(Object.values(Category).filter((value) => value >= 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(Object.values(InventoryServiceService).map(({ path }) => path)).toEqual([
      '/books.inventory.v1.InventoryService/GetBooks',
      '/books.inventory.v1.InventoryService/ListBooks',
      '/books.inventory.v1.InventoryService/SearchBooks',
      '/books.inventory.v1.InventoryService/WatchBooks',
      '/books.inventory.v1.InventoryService/GetStock',
      '/books.inventory.v1.InventoryService/ReserveStock',
      '/books.inventory.v1.InventoryService/CommitReservation',
      '/books.inventory.v1.InventoryService/ReleaseReservation',
      '/books.inventory.v1.InventoryService/AdjustStock',
    ])
  })
})

describe('the echo contract on the wire', () => {
  it('reads and writes what any client of it does', () => {
    const hello = '0a0568656c6c6f' // message = 1: "hello"

    expect(EchoRequest.decode(Buffer.from(hello, 'hex'))).toEqual({ message: 'hello' })
    expect(hexOf(EchoReply.encode({ message: 'hello' }))).toBe(hello)
    expect(EchoRequest.decode(Buffer.alloc(0))).toEqual({ message: '' })
  })

  it('is called by its public path', () => {
    expect(EchoService.reply.path).toBe('/echo.Echo/Reply')
  })
})

describe('the route guide contract on the wire', () => {
  const point = { latitude: 407838351, longitude: -746143763 } // of the official example's database
  const pointBytes = '088fbdbcc201' + '10edff9a9cfdffffffff01' // latitude = 1, longitude = 2: ten bytes, as it is negative
  const located = (field: string) => `${field}11${pointBytes}` // a point of 17 bytes

  it('reads and writes what any client of it does', () => {
    const note = { location: point, message: 'hi' }

    expect(Point.decode(Buffer.from(pointBytes, 'hex'))).toEqual(point)
    expect(Rectangle.decode(Buffer.from(located('0a') + located('12'), 'hex'))).toEqual({ lo: point, hi: point })
    expect(RouteNote.decode(Buffer.from(`${located('0a')}12026869`, 'hex'))).toEqual(note)
    expect(hexOf(RouteNote.encode(note))).toBe(`${located('0a')}12026869`)
    expect(hexOf(Feature.encode({ name: 'hi', location: point }))).toBe(`0a026869${located('12')}`)
    expect(hexOf(RouteSummary.encode({ pointCount: 1, featureCount: 2, distance: 3, elapsedTime: 300 }))).toBe(
      '0801' + '1002' + '1803' + '20ac02',
    )
  })

  it('tells a point that is missing from one whose numbers are zero', () => {
    expect(Rectangle.decode(Buffer.from('0a00', 'hex'))).toEqual({ lo: { latitude: 0, longitude: 0 }, hi: undefined })
    expect(RouteNote.decode(Buffer.alloc(0))).toEqual({ location: undefined, message: '' })
  })

  it('is called by its public paths, each of its kind', () => {
    const kinds = Object.values(RouteGuideService).map(({ path, requestStream, responseStream }) => [
      path,
      requestStream,
      responseStream,
    ])

    expect(kinds).toEqual([
      ['/routeguide.RouteGuide/GetFeature', false, false],
      ['/routeguide.RouteGuide/ListFeatures', false, true],
      ['/routeguide.RouteGuide/RecordRoute', true, false],
      ['/routeguide.RouteGuide/RouteChat', true, true],
    ])
  })
})

// The folders of contracts that buf.yaml names.
const modules = [...readFileSync(join(root, 'buf.yaml'), 'utf8').matchAll(/- path: (\S+)/g)].map(
  ([, path = '']) => path,
)

describe('buf breaking', () => {
  let copy: string
  afterEach(() => rmSync(copy, { recursive: true, force: true }))

  it.each([
    ['a changed field number', 'max_results = 3;', 'max_results = 40;', 'present field "3" with name "max_results"'],
    ['a renamed enum value', 'SELF_HELP = 2;', 'SELFHELP = 2;', 'changed name from "SELF_HELP" to "SELFHELP"'],
    ['a removed method', /rpc Recommend[^}]*}/, '', 'RPC "Recommend" on service "Recommendations" was deleted'],
  ])('catches %s', (_change, before, after, complaint) => {
    const contract = copyContracts()
    const text = readFileSync(contract, 'utf8')
    expect(text).toMatch(before)
    writeFileSync(contract, text.replace(before, after))

    const { status, stdout } = breaking()

    expect(status).toBe(100)
    expect(stdout).toContain(complaint)
  })

  it('lets a new field pass', () => {
    const contract = copyContracts()
    const text = readFileSync(contract, 'utf8')
    writeFileSync(contract, text.replace('int32 max_results = 3;', 'int32 max_results = 3;\nstring language = 900;'))

    expect(breaking()).toMatchObject({ status: 0, stdout: '' })
  })

  function copyContracts() {
    copy = mkdtempSync(join(tmpdir(), 'books-contracts-'))
    for (const folder of modules) cpSync(join(root, folder), join(copy, folder), { recursive: true })
    cpSync(join(root, 'buf.yaml'), join(copy, 'buf.yaml'))
    return join(copy, 'protobufs/recommendations.proto')
  }

  function breaking() {
    return spawnSync('buf', ['breaking', '--against', root], { cwd: copy, encoding: 'utf8' })
  }
})

function hexOf(encoded: { finish(): Uint8Array }): string {
  return Buffer.from(encoded.finish()).toString('hex')
}
