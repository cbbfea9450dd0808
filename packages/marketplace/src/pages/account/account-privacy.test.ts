import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { unavailable } from '@books/rpc'
import { serve } from '@books/rpc/testing'
import { type ProcessUnderTest, runProcess } from '@books/runtime/testing'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { ada, fakeAccounts, linkToken, password } from '../../accounts.fixture.ts'
import { createFakeCarts } from '../../carts.fixture.ts'
import { fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { everythingAt, longDeadlines } from '../../shop.fixture.ts'
import { tokenIn } from '../pages.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

it('logs, traces and measures forms about accounts without what they contain', async () => {
  const exportAccount = async () => Promise.reject(unavailable(`No connection for ${ada.email}`))
  const server = await serve([
    fakeAccounts({ exportAccount }),
    createFakeCarts().service(),
    fakeRecommendations(),
    fakeInventory(),
  ])
  opened.defer(server.stop)
  const collector = await openCollector()
  const shop = runProcess(new URL('../../main.ts', import.meta.url), {
    ...Object.fromEntries(
      Object.entries({ ...everythingAt(server.port), ...longDeadlines }).map(([name, value]) => [name, String(value)]),
    ),
    ...{ HOST: '127.0.0.1', PORT: '0', METRICS_PORT: '0', LOG_LEVEL: 'trace', LOG_FORMAT: 'json' },
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER: 'always_on' },
  })
  opened.defer(async () => {
    shop.child.kill()
    await shop.ended
  })
  const browser = await openBrowser(shop)

  const statuses = [
    await browser.submit('/sign-up', { email: ada.email }),
    await browser.submit(`/sign-up?token=${linkToken}`, { name: ada.name, password: 'hunter2' }),
    await browser.submit('/reset-password', { email: 'hunter2' }),
    await browser.submit(`/sign-in?return_to=/hunter2`, { email: ada.email, password: 'hunter2-hunter2-hunter2' }),
    await browser.submit('/sign-in', { email: ada.email, password }),
    await browser.submit('/account/password', { old_password: password, new_password: 'hunter2-hunter2-hunter2' }),
    await browser.submit('/account/email', { new_email: 'hunter2@books.example', password: 'hunter2-hunter2-hunter2' }),
    await browser.open('/account'),
    await browser.open('/account/export'),
    await browser.submit(`/account/email?token=${linkToken}`, {}),
  ]
  const metrics = await browser.scrape()
  shop.child.kill()
  const { stdout } = await shop.ended

  expect(statuses).toEqual([303, 422, 422, 422, 303, 303, 303, 200, 503, 303])
  const found = [stdout, collector.received(), metrics].map((text) =>
    [ada.email, password, linkToken, ada.name, 'hunter2', 'session-1', 'session-2'].filter((secret) =>
      text.includes(secret),
    ),
  )
  expect(found).toEqual([[], [], []])
  expect(stdout).toContain('"path":"/sign-in"')
  expect(stdout).toContain('"status":"UNAVAILABLE"')
  expect(collector.received()).toContain('SignIn')
  expect(metrics).toContain('http_route="/sign-in"')
})

/** Keeps what the shop's telemetry sends. */
async function openCollector() {
  const chunks: Buffer[] = []
  const collector = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => response.setHeader('content-type', 'application/json').end('{}'))
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  opened.defer(() => void collector.close())
  const { port } = collector.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, received: () => Buffer.concat(chunks).toString('latin1') }
}

/** A browser that sends forms to the shop, and reads its metrics. */
async function openBrowser(shop: ProcessUnderTest) {
  const [, metricsPort] = await shop.prints(/"port":(\d+),"msg":"metrics are served"/)
  const [, port] = await shop.prints(/Server listening at http:\/\/127\.0\.0\.1:(\d+)/)
  const jar = new Map<string, string>()

  async function send(path: string, form?: Record<string, string>) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      redirect: 'manual',
      headers: { cookie: [...jar].map((pair) => pair.join('=')).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = cookie.split(';')[0]!.split('=')
      jar.set(name, value)
    }
    return { status: answer.status, body: await answer.text() }
  }

  return {
    open: async (path: string) => (await send(path)).status,
    async submit(path: string, fields: Record<string, string>) {
      const [page = '', query] = path.split('?')
      const { body } = await send(path)
      const form = { ...Object.fromEntries(new URLSearchParams(query)), ...fields, _csrf: tokenIn(body) }
      return (await send(page, form)).status
    },
    scrape: async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
  }
}
