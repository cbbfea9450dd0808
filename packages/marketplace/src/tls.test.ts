import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BookRecommendation, RecommendationsService } from '@books/proto'
import { service } from '@books/rpc'
import { writeCertificates } from '@books/rpc/certificates'
import { serve } from '@books/rpc/testing'
import { silentLog } from '@books/runtime/testing'
import { startService } from '@books/service'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { marketplace } from './index.ts'
import { settingsWith } from './shop.fixture.ts'

const falcon = BookRecommendation.fromPartial({ id: 1, title: 'The Maltese Falcon' })

let folder: string
let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'books-certs-'))
})
afterEach(async () => {
  await opened.disposeAsync()
  rmSync(folder, { recursive: true, force: true })
})

it('calls with its certificate, which recommendations require', async () => {
  await writeCertificates(folder, ['recommendations', 'marketplace', 'guest'], new Date())
  const unused = { recommendSimilar: notCalled, recordInteractions: notCalled }
  const recommend = async () => ({ recommendations: [falcon] })
  const server = await serve(
    [service(RecommendationsService, { ...unused, recommend }, { allowedCallers: { recommend: ['marketplace'] } })],
    {
      tls: { ca: file('ca.crt'), cert: file('recommendations.crt'), key: file('recommendations.key') },
    },
  )
  opened.defer(server.stop)

  const [allowed, refused] = [await pageOf('marketplace', server.port), await pageOf('guest', server.port)]

  expect(allowed).toContain('The Maltese Falcon')
  expect(refused).toContain('We cannot reach our recommendations just now.')
})

function notCalled(): never {
  throw new Error('this method is not called')
}

async function pageOf(name: string, port: number): Promise<string> {
  const settings = settingsWith({
    RECOMMENDATIONS_PORT: port,
    RECOMMENDATIONS_DEADLINE_MS: 5_000,
    TLS_CA: file('ca.crt'),
    TLS_CERT: file(`${name}.crt`),
    TLS_KEY: file(`${name}.key`),
  })
  const shop = await startService(marketplace, { settings, log: silentLog })
  opened.defer(shop.stop)
  return (await fetch(`http://127.0.0.1:${shop.port}/`)).text()
}

function file(name: string): string {
  return join(folder, name)
}
