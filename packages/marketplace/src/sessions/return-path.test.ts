import { describe, expect, it } from '@jest/globals'
import { returnPathOf } from './return-path.ts'

describe('the path to return to', () => {
  it.each([
    '/',
    '/books/5',
    '/categories/mystery?sort=price&page=2',
    '/account',
    '/account/password',
    '/search?q=a%20b',
  ])('is a path of the shop: %s', (path) => {
    expect(returnPathOf(path)).toBe(path)
  })

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a relative path', 'books/5'],
    ['a fragment', '#content'],
    ['another host', '//evil.example'],
    ['another host after a backslash', '/\\evil.example'],
    ['another host after two backslashes', '\\\\evil.example'],
    ['a backslash further on', '/books\\5'],
    ['another host after dots', '/.//evil.example'],
    ['another host after dots that go up', '/books/..//evil.example'],
    ['another host after escaped dots', '/%2e//evil.example'],
    ['another host after an escaped slash', '/%2fevil.example'],
    ['another host after an escaped slash in capitals', '/%2Fevil.example'],
    ['another host after an escaped backslash', '/%5cevil.example'],
    ['another host after two escaped slashes', '/%2f%2fevil.example'],
    ['a URL', 'https://evil.example/'],
    ['a URL with one slash', 'https:/evil.example'],
    ['a URL without slashes', 'https:evil.example'],
    ['a script', 'javascript:alert(1)'],
    ['another host after a tab', '/\t/evil.example'],
    ['another host after a line break', '/\n/evil.example'],
    ['a header after a line break', '/books/5\r\nset-cookie: session=1'],
    ['a tab before the path', '\t//evil.example'],
    ['a space before the path', ' //evil.example'],
    ['a null character', '/books/\0'],
    ['a line separator', '/books/\u2028'],
    ['half of a character', '/books/\ud800'],
    ['malformed escapes', '/books/%zz'],
    ['the page to sign in', '/sign-in'],
    ['the page to sign in, with a query', '/sign-in?return_to=/sign-in'],
    ['the page to sign in, after dots', '/books/../sign-in'],
    ['the page to sign up', '/sign-up?token=a'],
    ['signing out', '/sign-out'],
    ['the page of a mail', '/reset-password?token=a'],
  ])('is the front page for %s', (_what, text) => {
    expect(returnPathOf(text)).toBe('/')
  })
})
