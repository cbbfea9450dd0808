import { createConnection } from 'node:net'
import { text } from 'node:stream/consumers'
import { silentLog } from '@books/runtime/testing'
import { type RunningService, startService } from '@books/service'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { marketplace } from '../../index.ts'
import { settingsWith } from '../../shop.fixture.ts'

let shop: RunningService
beforeAll(async () => {
  shop = await startService(marketplace, { settings: settingsWith(), log: silentLog })
})
afterAll(() => shop?.stop())

describe('the Host header', () => {
  it.each([
    ['twice', 'GET / HTTP/1.1\r\nHost: books.example\r\nHost: evil.example\r\n'],
    ['twice, with other letters', 'GET / HTTP/1.1\r\nHost: books.example\r\nhost: books.example\r\n'],
    ['as a list', 'GET / HTTP/1.1\r\nHost: books.example, evil.example\r\n'],
    ['missing', 'GET / HTTP/1.1\r\n'],
    ['empty', 'GET / HTTP/1.1\r\nHost:\r\n'],
    ['with a space', 'GET / HTTP/1.1\r\nHost: books example\r\n'],
    ['with a path', 'GET / HTTP/1.1\r\nHost: books.example/evil\r\n'],
    ['with a user', 'GET / HTTP/1.1\r\nHost: books@evil.example\r\n'],
    ['with a port that is none', 'GET / HTTP/1.1\r\nHost: books.example:evil\r\n'],
    ['with a broken IPv6 address', 'GET / HTTP/1.1\r\nHost: [evil]\r\n'],
  ])('%s is refused', async (_how, request) => {
    expect(await send(request)).toMatch(/^HTTP\/1\.1 400 .*We did not understand that/s)
  })

  it.each([
    ['a name and a port', 'GET /search HTTP/1.1\r\nHost: books_1.example:5000\r\n'],
    ['an IPv6 address', 'GET /search HTTP/1.1\r\nHost: [::1]:5000\r\n'],
    [
      'another host than the target in absolute form',
      'GET http://books.example/search HTTP/1.1\r\nHost: localhost\r\n',
    ],
    ['none, in HTTP/1.0', 'GET /search HTTP/1.0\r\n'],
  ])('may be %s', async (_what, request) => {
    expect(await send(request)).toMatch(/^HTTP\/1\.1 200 /)
  })
})

function send(request: string): Promise<string> {
  const socket = createConnection(shop.port, '127.0.0.1')
  socket.write(`${request}Connection: close\r\n\r\n`)
  return text(socket)
}
