import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from '@jest/globals'
import {
  BookCategory,
  BookRecommendation,
  EchoReply,
  EchoRequest,
  EchoService,
  Feature,
  Point,
  RecommendationRequest,
  RecommendationResponse,
  RecommendationsService,
  Rectangle,
  RouteGuideService,
  RouteNote,
  RouteSummary,
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
