import { describe, expect, it } from '@jest/globals'
import { type ImageFacts, problemsOf, unwantedFilesOf } from './image-rules.ts'

const base: ImageFacts = { Size: 130_000_000, Config: { User: '65532', Labels: null, Env: [] } }
const Labels = Object.fromEntries(
  ['title', 'version', 'revision', 'licenses'].map((name) => [`org.opencontainers.image.${name}`, 'x']),
)
const image = (change: Partial<ImageFacts['Config']> = {}, Size = 170_000_000): ImageFacts => ({
  Size,
  Config: { User: '65532:65532', Labels, Env: ['NODE_ENV=production'], ...change },
})

describe('an image', () => {
  it('is right where it is small, labelled and runs as non-root', () => {
    expect(problemsOf(image(), base)).toEqual([])
  })

  it.each([
    ['adds more than 60 MB to its base: 70 MB', image({}, 200_000_000)],
    ['runs as root', image({ User: '' })],
    ['runs as root', image({ User: '0:0' })],
    [
      'has no label org.opencontainers.image.revision',
      image({ Labels: { ...Labels, 'org.opencontainers.image.revision': '' } }),
    ],
    ['has COOKIE_SECRET in its environment', image({ Env: ['COOKIE_SECRET=x'] })],
  ])('has the problem that it %s', (problem, facts) => {
    expect(problemsOf(facts, base)).toEqual([problem])
  })
})

describe('the files of an image', () => {
  it('are those that it needs', () => {
    const paths = [
      'nodejs/bin/node',
      'books/packages/rpc/src/index.ts',
      'books/node_modules/.pnpm/pg@8/node_modules/pg/lib/index.js',
    ]

    expect(unwantedFilesOf(paths)).toEqual([])
  })

  it.each([
    ['a shell', 'bin/sh'],
    ['a compiler', 'books/node_modules/.pnpm/typescript@7/node_modules/typescript/package.json'],
    ['a package manager', 'usr/local/bin/npm'],
    ['a test', 'books/packages/rpc/src/call.test.ts'],
    ['a test', 'books/packages/rpc/src/call/tour.fixture.ts'],
    ['a test', 'books/packages/runtime/src/database/steps.fixture/001.ts'],
    ['a test', 'books/packages/marketplace/test/overload/main.ts'],
    ['a test', 'books/packages/rpc/testing/index.ts'],
    ['a test', 'books/packages/rpc/bench/bench.ts'],
    ['a source map', 'books/node_modules/.pnpm/pg@8/node_modules/pg/lib/index.js.map'],
    ['a secret', 'books/packages/rpc/certs/articles.key'],
    ['a secret', 'books/packages/rpc/src/tls/articles.pem'],
    ['a file of an editor or a log', 'books/packages/rpc/src/.index.ts.swp'],
    ['a file of an editor or a log', 'books/packages/rpc/npm-debug.log'],
  ])('must not have %s', (what, path) => {
    expect(unwantedFilesOf([path])).toEqual([`has ${what}: ${path}`])
  })
})
