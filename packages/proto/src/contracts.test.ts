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
  BookCategory,
  BookRecommendation,
  RecommendationRequest,
  RecommendationResponse,
  RecommendationsService,
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
