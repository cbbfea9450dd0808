import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InventoryServiceService, loadDescriptors } from '@books/proto'
import { createClient, ServingStatus, Status, type TlsFiles } from '@books/rpc'
import { writeCertificates } from '@books/rpc/certificates'
import { watchHealthThrough } from '@books/rpc/testing'
import { openDatabase } from '@books/runtime'
import {
  findPostgres,
  type Postgres,
  type ProcessUnderTest,
  runProcess,
  silentLog,
  startPostgres,
} from '@books/runtime/testing'
import { type RunningService, readServiceSettings, startService } from '@books/service'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { inventory } from './index.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the inventory service', () => {
  it('starts as a process, serves TLS, and on SIGTERM ends the calls of its watchers and stops', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'books-certs-'))
    opened.defer(() => rm(folder, { recursive: true }))
    await writeCertificates(folder, ['inventory', 'marketplace'], new Date())
    const filesOf = (name: string) => ({
      ca: join(folder, 'ca.crt'),
      cert: join(folder, `${name}.crt`),
      key: join(folder, `${name}.key`),
    })
    const tls = filesOf('inventory')
    const secured = { TLS_CA: tls.ca, TLS_CERT: tls.cert, TLS_KEY: tls.key }
    const service = run({ PORT: '0', DATA_DIR: 'memory://', GRACE_MS: '50000', ...secured })
    const client = await clientOf(service, filesOf('marketplace'))

    const { books } = await client.getBooks({ ids: [1] })
    const watching = client.watchBooks({}, { deadlineMs: 40_000 })[Symbol.asyncIterator]()
    const first = await watching.next()
    service.child.kill('SIGTERM')

    expect(books.map(({ title }) => title)).toEqual(['The Maltese Falcon'])
    expect(first.value).toMatchObject({ isCurrent: true })
    await expect(watching.next()).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    expect(await service.ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('ends with one line that names every wrong setting', async () => {
    const { ended } = run({ PORT: 'many', LOG_LEVEL: 'loud' })

    const { code, stderr } = await ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^inventory: wrong settings: .*LOG_LEVEL .*PORT must be integer.*\n$/)
  })
})

const postgres = findPostgres()

;(postgres ? describe : describe.skip)('the inventory service, on a database server', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres(postgres ?? '')
  })
  afterAll(() => server.stop())

  it('puts the catalogue into an empty store once, even when several replicas start at the same time', async () => {
    const replicas = await Promise.all([start(), start(), start()])

    const clients = replicas.map(clientOfServer)
    const answers = await Promise.all(clients.map((client) => client.listBooks({ pageSize: 500 })))

    expect(answers.map(({ totalSize }) => totalSize)).toEqual([312, 312, 312])
    const [watched] = await Array.fromAsync(takeOne(clients[0]?.watchBooks({}) ?? []))
    expect(watched).toMatchObject({ revision: 312, isCurrent: true })
  })

  it('is ready while its database is available', async () => {
    const { port } = await start()

    const seen = await watchHealthThrough(port, 'books.inventory.v1.InventoryService', {
      begin: server.kill,
      end: server.restart,
    })

    expect(seen).toEqual([ServingStatus.SERVING, ServingStatus.NOT_SERVING, ServingStatus.SERVING])
  })

  async function start(): Promise<RunningService> {
    const settings = readServiceSettings(inventory, { PORT: '0' })
    const database = await openDatabase({ DATABASE_URL: server.url, DATA_DIR: 'unused' }, silentLog)
    opened.defer(database.close)
    const running = await startService(inventory, { settings, database, log: silentLog })
    opened.defer(running.stop)
    return running
  }
})

async function clientOf({ prints }: ProcessUnderTest, tls?: TlsFiles) {
  const [, port] = await prints(/"port":(\d+)/)
  const client = createClient(InventoryServiceService, {
    address: `localhost:${port}`,
    descriptors: loadDescriptors(),
    tls,
  })
  opened.defer(client.close)
  return client
}

function clientOfServer({ port }: RunningService) {
  const client = createClient(InventoryServiceService, { address: `localhost:${port}`, descriptors: loadDescriptors() })
  opened.defer(client.close)
  return client
}

async function* takeOne<Item>(items: AsyncIterable<Item> | Iterable<Item>) {
  for await (const item of items) {
    yield item
    return
  }
}

function run(env: Record<string, string>) {
  return runProcess(new URL('./main.ts', import.meta.url), env)
}
