import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BookCategory, type Interaction, InteractionKind, loadDescriptors, RecommendationsService } from '@books/proto'
import { createClient, ServingStatus, Status, type TlsFiles } from '@books/rpc'
import { writeCertificates } from '@books/rpc/certificates'
import { streamOf, watchHealthThrough } from '@books/rpc/testing'
import { openDatabase } from '@books/runtime'
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
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { recommendations as definition } from './index.ts'

const postgres = findPostgres()
const log = silentLog
const descriptors = loadDescriptors()

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())
// No inventory and no transactions: nothing can listen on port 0.
const settings = readServiceSettings(definition, {
  PORT: '0',
  INVENTORY_PORT: '0',
  TRANSACTIONS_PORT: '0',
  DEMO_READERS: 'false',
  TRAIN_THREADS: '1',
})

describe('the recommendations service', () => {
  it('puts the catalogue into its own database once, and answers from it', async () => {
    const database = await openMemoryDatabase()
    opened.defer(database.close)

    // The second one finds the books there.
    for (const time of ['first', 'second']) {
      const server = await startService(definition, { settings, database, log })
      opened.defer(server.stop)
      const client = createClient(RecommendationsService, { address: `localhost:${server.port}`, descriptors })
      opened.defer(client.close)
      const { recommendations } = await client.recommend({ category: BookCategory.MYSTERY, maxResults: 100 })

      expect([time, recommendations.length]).toEqual([time, 26])
      expect(recommendations.map(({ id }) => id)).toEqual(expect.arrayContaining([1, 2, 3]))
    }
  })

  ;(postgres ? it : it.skip)('is ready while its database is there', async () => {
    const server = await startPostgres(postgres ?? '')
    opened.defer(server.stop)
    const database = await openDatabase({ DATABASE_URL: server.url, DATA_DIR: 'unused' }, log)
    opened.defer(database.close)
    const { port, stop } = await startService(definition, { settings, database, log })
    opened.defer(stop)

    const seen = await watchHealthThrough(port, 'Recommendations', { begin: server.kill, end: server.restart })

    expect(seen).toEqual([ServingStatus.SERVING, ServingStatus.NOT_SERVING, ServingStatus.SERVING])
  })

  it('starts as a process, answers, and stops cleanly on SIGTERM', async () => {
    const service = run({ PORT: '0', DATA_DIR: 'memory://' })
    const client = await clientOf(service)

    const { recommendations } = await client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 3 })
    service.child.kill('SIGTERM')

    expect(recommendations).toHaveLength(3)
    expect(await service.ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('loses nothing that it acknowledged when it is killed', async () => {
    const DATA_DIR = await mkdtemp(join(tmpdir(), 'books-killed-'))
    opened.defer(() => rm(DATA_DIR, { recursive: true, force: true }))
    const first = run({ PORT: '0', DATA_DIR })
    const client = await clientOf(first)
    const acknowledged: Interaction[] = []
    const killed = Promise.withResolvers<void>()

    // Calls continue until the service is killed in the middle of one.
    async function record() {
      for (let call = 0; ; call++) {
        const interactions = Array.from({ length: 100 }, (_, index) => liked(`${call}-${index}`))
        await client.recordInteractions(streamOf(...interactions))
        acknowledged.push(...interactions)
        if (call === 20) killed.resolve()
      }
    }
    const recording = record()
    await Promise.race([killed.promise, recording])
    first.child.kill('SIGKILL')
    await expect(recording).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    await first.ended

    const second = run({ PORT: '0', DATA_DIR })
    const again = await clientOf(second)
    const firstAnswer = await again.recommend({ userId: 7, category: BookCategory.MYSTERY, maxResults: 100 })
    const answer = await again.recordInteractions(streamOf(...acknowledged))
    second.child.kill()
    const { stdout } = await second.ended

    expect(answer).toEqual({ taken: 0, known: acknowledged.length, refused: 0, refusals: [] })
    // From the snapshot that the first start stored, and what came since.
    expect(firstAnswer.recommendations).toHaveLength(25)
    expect(firstAnswer.recommendations).not.toContainEqual(expect.objectContaining({ id: 1 }))
    expect(stdout).not.toContain('trained a model')
  })

  it('serves TLS with the files of its settings, and names a missing one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'books-certs-'))
    opened.defer(() => rm(folder, { recursive: true }))
    await writeCertificates(folder, ['recommendations', 'marketplace'], new Date())
    const filesOf = (name: string) => ({
      ca: join(folder, 'ca.crt'),
      cert: join(folder, `${name}.crt`),
      key: join(folder, `${name}.key`),
    })
    const tls = filesOf('recommendations')
    const secured = { ...settings, TLS_CA: tls.ca, TLS_CERT: tls.cert, TLS_KEY: tls.key }
    const database = opened.use(await openMemoryDatabase())

    const { port, stop } = await startService(definition, { settings: secured, database, log })
    opened.defer(stop)
    const client = createClient(RecommendationsService, {
      address: `localhost:${port}`,
      tls: filesOf('marketplace'),
      descriptors: loadDescriptors(),
    })
    opened.defer(client.close)
    const { recommendations } = await client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 3 })

    expect(recommendations).toHaveLength(3)
    const broken = { ...secured, TLS_KEY: `${folder}/gone.key` }
    await expect(startService(definition, { settings: broken, database, log })).rejects.toThrow(
      `the TLS file ${folder}/gone.key cannot be read (ENOENT)`,
    )
  })

  it('serves how long its calls took, and how many are under way, to Prometheus', async () => {
    const { child, prints, ended } = run({
      PORT: '0',
      ...(await databaseVariables()),
      METRICS_PORT: '0',
      HOST: '127.0.0.1',
    })
    const [, metricsPort] = await prints(/"port":(\d+),"msg":"metrics are served"/)
    const [, port] = await prints(/"port":(\d+),"msg":"recommendations answers"/)
    const client = createClient(RecommendationsService, { address: `127.0.0.1:${port}`, descriptors })
    opened.defer(client.close)

    await client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 3 })
    await client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: -1 }).catch(() => {})
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    child.kill('SIGTERM')

    const labels = (status: string) =>
      `rpc_system_name="grpc",rpc_method="Recommendations/Recommend",rpc_status_code="${status}"`
    expect(metrics).toMatch(new RegExp(`^rpc_server_call_duration_count\\{${labels('OK')}.*\\} 1$`, 'm'))
    expect(metrics).toMatch(new RegExp(`^rpc_server_call_duration_bucket\\{${labels('OK')}.*le="10".*\\} 1$`, 'm'))
    expect(metrics).toMatch(new RegExp(`^rpc_server_call_duration_count\\{${labels('INVALID_ARGUMENT')}.*\\} 1$`, 'm'))
    expect(metrics).toMatch(
      /^rpc_server_active_calls\{rpc_system_name="grpc",rpc_method="Recommendations\/Recommend".*\} 0$/m,
    )
    expect(await ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('answers and stops in time when the collector of its traces does not answer', async () => {
    const collector = createServer(() => {}).listen(0, '127.0.0.1')
    await once(collector, 'listening')
    const { port: collectorPort } = collector.address() as { port: number }
    opened.defer(() => void collector.close())
    const { child, prints, ended } = run({
      PORT: '0',
      ...(await databaseVariables()),
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collectorPort}`,
      OTEL_TRACES_SAMPLER: 'always_on',
    })
    const [, port] = await prints(/"port":(\d+)/)
    const client = createClient(RecommendationsService, { address: `localhost:${port}`, descriptors })
    opened.defer(client.close)

    const { recommendations } = await client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 3 })
    child.kill('SIGTERM')

    expect(recommendations).toHaveLength(3)
    expect(await ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/the collector took longer than 2000 ms.*the last traces are lost/),
      stderr: '',
    })
  })

  it('ends with one line that names the port when it is taken', async () => {
    const other = createServer().listen(0, '::')
    opened.defer(() => void other.close())
    await once(other, 'listening')
    const { port } = other.address() as { port: number }

    const { ended } = run({ PORT: String(port), ...(await databaseVariables()) })

    const stderr = `recommendations: cannot listen on [::]:${port}: the port is already in use\n`
    expect(await ended).toMatchObject({ code: 1, stderr })
  })

  it('ends with one line that names every wrong setting', async () => {
    const { ended } = run({ PORT: 'many', LOG_LEVEL: 'loud' })

    const { code, stderr } = await ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^recommendations: wrong settings: .*LOG_LEVEL .*PORT must be integer.*\n$/)
  })
})

/** An empty database for a process: on a server where the machine has one, as a process opens that sooner. */
async function databaseVariables(): Promise<Record<string, string>> {
  if (!postgres) return { DATA_DIR: 'memory://' }
  const { url, drop } = await createServerDatabase()
  opened.defer(drop)
  return { DATABASE_URL: url }
}

async function clientOf({ prints }: ProcessUnderTest, tls?: TlsFiles) {
  const [, port] = await prints(/"port":(\d+)/)
  const client = createClient(RecommendationsService, {
    address: `localhost:${port}`,
    descriptors,
    tls,
  })
  opened.defer(client.close)
  return client
}

function liked(id: string): Interaction {
  return { id, userId: 7, bookId: 1, kind: InteractionKind.INTERACTION_KIND_LIKED, rating: 0, time: undefined }
}

// Without simulated readers there is nothing to train, and the start is fast.
function run(env: Record<string, string>) {
  return runProcess(new URL('./main.ts', import.meta.url), {
    DEMO_READERS: 'false',
    TRAIN_THREADS: '1',
    INVENTORY_PORT: '0',
    ...env,
  })
}
