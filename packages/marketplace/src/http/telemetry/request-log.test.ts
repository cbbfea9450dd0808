import { request as httpRequest } from 'node:http'
import { createConnection } from 'node:net'
import { type ProcessUnderTest, runProcess, silentLog } from '@books/runtime/testing'
import { afterEach, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { useMiddleware } from '../middleware.ts'
import { logRequests } from './request-log.ts'

let shop: ProcessUnderTest | undefined
afterEach(async () => {
  shop?.child.kill()
  await shop?.ended
})

it('logs the method, path and status of every request, and no personal data', async () => {
  const port = await openShop()
  const visitor = {
    cookie: 'taste-5000=hunter2-cookie; _csrf-5000=hunter2-cookie',
    authorization: 'Bearer hunter2-authorization',
    'user-agent': 'hunter2-agent',
    referer: 'https://books.example/search?q=hunter2-referer',
    'x-forwarded-for': '203.0.113.7',
    'x-request-id': 'hunter2-request',
    'content-type': 'application/x-www-form-urlencoded',
  }

  await send(port, 'GET', '/search?q=hunter2-query', visitor)
  await send(port, 'GET', '/nothing?q=hunter2-query', visitor)
  await send(port, 'GET', '/categories/mystery?page=hunter2-query', visitor)
  await send(port, 'GET', '/%zz?q=hunter2-query', visitor)
  await send(port, 'POST', '/taste/books/5?q=hunter2-query', visitor, 'verdict=liked&_csrf=hunter2-body')
  await send(port, 'POST', '/taste/books/5', { ...visitor, 'content-type': 'text/plain' }, 'hunter2-body')
  await sendBytes(port, 'GET / HTTP/1.1\r\nHost: books\r\nCookie: taste-5000=hunter2-bytes\r\n: \r\n\r\n')
  const lines = await closeShop()

  expect(lines.filter(({ msg }) => msg === 'request completed')).toMatchObject([
    { req: { method: 'GET', route: '/search', path: '/search' }, status: 200 },
    { req: { method: 'GET', path: '/nothing' }, status: 404 },
    { req: { method: 'GET', route: '/categories/:slug', path: '/categories/mystery' }, status: 400 },
    { req: { method: 'GET', path: '/%zz' }, status: 400 },
    { req: { method: 'POST', route: '/taste/books/:id', path: '/taste/books/5' }, status: 403 },
    { req: { method: 'POST', route: '/taste/books/:id', path: '/taste/books/5' }, status: 415 },
  ])
  for (const { req, reqId, ms } of lines.filter(({ msg }) => msg === 'request completed')) {
    expect(Object.keys(req as object)).toEqual(expect.not.arrayContaining(['url', 'host', 'headers', 'remoteAddress']))
    expect([reqId, ms]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.any(Number)])
  }
  expect(JSON.stringify(lines)).not.toMatch(/hunter2|203\.0\.113\.7|remote|rawPacket/i)
})

it('tells a request whose client disconnected from one that was answered', async () => {
  const arrived = Promise.withResolvers<void>()
  const logged = Promise.withResolvers<unknown[]>()
  const log = Object.assign(Object.create(silentLog), { info: (...line: unknown[]) => logged.resolve(line) })
  await using app = Fastify()
  app.get('/', () => {
    arrived.resolve()
    return new Promise(() => {})
  })
  useMiddleware(app, [logRequests(log)])
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const visitor = httpRequest({ port }).on('error', () => {})
  visitor.end()

  await arrived.promise
  visitor.destroy()

  expect(await logged.promise).toMatchObject([{ req: { method: 'GET', path: '/' } }, 'request aborted'])
})

/** Starts a shop that logs at level `trace`, behind a trusted proxy. */
async function openShop(): Promise<number> {
  const nowhere = { RECOMMENDATIONS_PORT: '1', INVENTORY_PORT: '1', ARTICLES_PORT: '1', ACCOUNTS_PORT: '1' }
  const log = { LOG_LEVEL: 'trace', LOG_FORMAT: 'json' }
  const env = { ...nowhere, ...log, HOST: '127.0.0.1', PORT: '0', TRUSTED_PROXIES: '127.0.0.1' }
  shop = runProcess(new URL('../../main.ts', import.meta.url), env)
  const [, port] = await shop.prints(/http:\/\/127\.0\.0\.1:(\d+)/)
  return Number(port)
}

/** Stops the shop, and returns every line of its log. */
async function closeShop(): Promise<Record<string, unknown>[]> {
  shop?.child.kill()
  const { stdout = '', stderr = '' } = (await shop?.ended) ?? {}
  expect(stderr).toBe('')
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

function send(port: number, method: string, path: string, headers: Record<string, string>, body?: string) {
  return new Promise<void>((resolve, reject) => {
    const request = httpRequest({ port, method, path, headers }, (answer) => answer.resume().once('end', resolve))
    request.once('error', reject).end(body)
  })
}

function sendBytes(port: number, bytes: string): Promise<unknown> {
  const socket = createConnection(port, '127.0.0.1').resume()
  socket.write(bytes)
  return new Promise((resolve) => socket.once('close', resolve))
}
