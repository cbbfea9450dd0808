import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ArticleServiceService, loadDescriptors } from '@books/proto'
import { createClient, createHealthClient, ServingStatus } from '@books/rpc'
import { writeCertificates } from '@books/rpc/certificates'
import { type Database, openDatabase } from '@books/runtime'
import {
  createServerDatabase,
  findPostgres,
  openMemoryDatabase,
  type ProcessUnderTest,
  runProcess,
  silentLog,
  startPostgres,
} from '@books/runtime/testing'
import { readServiceSettings, startService } from '@books/service'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { readFirstArticles } from './first-articles.ts'
import { articles as definition } from './index.ts'

const postgres = findPostgres()
let database: Database
beforeAll(async () => {
  database = await openMemoryDatabase()
})
afterAll(() => database.close())

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())
const settings = readServiceSettings(definition, { PORT: '0' })

describe('the articles service', () => {
  it('puts the first articles into its database once', async () => {
    const first = await readFirstArticles()

    // The second one finds them there.
    for (const time of ['first', 'second']) {
      const server = await startService(definition, { settings, database, log: silentLog })
      opened.defer(server.stop)
      const client = createClient(ArticleServiceService, {
        address: `localhost:${server.port}`,
        descriptors: loadDescriptors(),
      })
      opened.defer(client.close)
      const { articles, total } = await client.articleList({ pageSize: 100 })

      expect([time, total]).toEqual([time, first.length])
      expect(articles.map(({ id }) => id)).toEqual(first.map((_, index) => first.length - index))
      expect(articles.map(({ title }) => title)).toEqual(first.map(({ title }) => title).toReversed())
      expect(articles.map(({ content }) => content)).toEqual(first.map(({ content }) => content).toReversed())
    }
  })

  it('serves TLS with the files of its settings', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'books-certs-'))
    opened.defer(() => rm(folder, { recursive: true }))
    await writeCertificates(folder, ['articles', 'marketplace'], new Date())
    const filesOf = (name: string) => ({
      ca: join(folder, 'ca.crt'),
      cert: join(folder, `${name}.crt`),
      key: join(folder, `${name}.key`),
    })
    const tls = filesOf('articles')

    const secured = { ...settings, TLS_CA: tls.ca, TLS_CERT: tls.cert, TLS_KEY: tls.key }
    const server = await startService(definition, { settings: secured, database, log: silentLog })
    opened.defer(server.stop)
    const client = createClient(ArticleServiceService, {
      address: `localhost:${server.port}`,
      descriptors: loadDescriptors(),
      tls: filesOf('marketplace'),
    })
    opened.defer(client.close)

    expect(await client.articleDetail({ pk: 1 })).toMatchObject({ article: { id: 1 } })
  })

  it('starts as a process, answers in UTC in any time zone, and stops cleanly on SIGTERM', async () => {
    const service = run({ DATA_DIR: 'memory://', TZ: 'Pacific/Kiritimati' })
    const client = await clientOf(service)
    const [oldest] = await readFirstArticles()

    const { article } = await client.articleDetail({ pk: 1 })
    service.child.kill('SIGTERM')

    expect(article?.createTime).toBe(oldest?.createTime?.toISOString().slice(0, 19).replace('T', ' '))
    expect(await service.ended).toMatchObject({ code: 0, stderr: '' })
  })

  ;(postgres ? it : it.skip)('is filled once, even when several replicas start on an empty database', async () => {
    const server = await createServerDatabase()
    opened.defer(server.drop)
    const replicas = [1, 2, 3].map(() => run({ DATABASE_URL: server.url }))
    opened.defer(async () => void (await Promise.all(replicas.map(({ ended }) => ended))))
    for (const { child } of replicas) opened.defer(() => void child.kill())
    const first = await readFirstArticles()

    const clients = await Promise.all(replicas.map((replica) => clientOf(replica)))
    const answers = await Promise.all(clients.map((client) => client.articleList({ pageSize: 100 })))

    const ids = first.map((_, index) => first.length - index)
    expect(answers.map(({ articles }) => articles.map(({ id }) => id))).toEqual([ids, ids, ids])
  })

  ;(postgres ? it : it.skip)('is ready while its database is available', async () => {
    const server = await startPostgres(postgres ?? '')
    opened.defer(server.stop)
    const shared = await openDatabase({ DATABASE_URL: server.url, DATA_DIR: 'unused' }, silentLog)
    opened.defer(shared.close)
    const { port, stop } = await startService(definition, { settings, database: shared, log: silentLog })
    opened.defer(stop)
    const health = createHealthClient({ address: `localhost:${port}`, deadlineMs: 60_000 })
    opened.defer(health.close)

    const seen: ServingStatus[] = []
    for await (const { status } of health.watch({ service: 'ArticleService' })) {
      seen.push(status)
      if (seen.includes(ServingStatus.SERVING) && status === ServingStatus.NOT_SERVING) break
      if (status === ServingStatus.SERVING) await server.kill()
    }

    expect(seen.slice(seen.indexOf(ServingStatus.SERVING))).toEqual([ServingStatus.SERVING, ServingStatus.NOT_SERVING])
  })

  it('ends with one line that names every wrong setting', async () => {
    const { code, stderr } = await run({ PORT: 'many', LOG_LEVEL: 'loud' }).ended

    expect(code).toBe(1)
    expect(stderr).toMatch(/^articles: wrong settings: .*LOG_LEVEL .*PORT must be integer.*\n$/)
  })
})

async function clientOf({ prints }: ProcessUnderTest) {
  const [, port] = await prints(/"port":(\d+)/)
  const client = createClient(ArticleServiceService, { address: `localhost:${port}`, descriptors: loadDescriptors() })
  opened.defer(client.close)
  return client
}

function run(env: Record<string, string>) {
  return runProcess(new URL('./main.ts', import.meta.url), { PORT: '0', ...env })
}
