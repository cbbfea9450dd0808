import { once } from 'node:events'
import { createServer } from 'node:net'
import { BookCategory, RecommendationsService } from '@books/proto'
import { createClient } from '@books/rpc'
import { createLog, openDatabase } from '@books/runtime'
import { runProcess } from '@books/runtime/testing'
import { afterEach, describe, expect, it } from '@jest/globals'
import { startRecommendations } from './index.ts'

const log = createLog('test', { LOG_LEVEL: 'silent', LOG_FORMAT: 'json' })

describe('the recommendations service', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  it('answers from the catalogue that it puts into its own database, once', async () => {
    const database = await openDatabase({ DATA_DIR: 'memory://' }, log)
    closers.push(database.close)

    // The second one finds the books there.
    for (const time of ['first', 'second']) {
      const server = await startRecommendations({ settings: { HOST: '::', PORT: 0, GRACE_MS: 1_000 }, database, log })
      closers.unshift(server.stop)
      const client = createClient(RecommendationsService, { address: `localhost:${server.port}` })
      closers.unshift(client.close)
      const { recommendations } = await client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 100 })

      expect([time, recommendations.length]).toEqual([time, 26])
      expect(recommendations.map(({ id }) => id)).toEqual(expect.arrayContaining([1, 2, 3]))
    }
  })

  it('starts as a process, answers, and stops cleanly on SIGTERM', async () => {
    const { child, prints, ended } = run({ PORT: '0', DATA_DIR: 'memory://' })
    const [, port] = await prints(/"port":(\d+)/)
    const client = createClient(RecommendationsService, { address: `localhost:${port}` })
    closers.push(client.close)

    const { recommendations } = await client.recommend({ userId: 1, category: BookCategory.MYSTERY, maxResults: 3 })
    child.kill('SIGTERM')

    expect(recommendations).toHaveLength(3)
    expect(await ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('serves how long its calls took, and how many are under way, to Prometheus', async () => {
    const { child, prints, ended } = run({ PORT: '0', DATA_DIR: 'memory://', METRICS_PORT: '0', HOST: '127.0.0.1' })
    const [, metricsPort] = await prints(/"port":(\d+),"msg":"metrics are served"/)
    const [, port] = await prints(/"port":(\d+),"msg":"recommendations answers"/)
    const client = createClient(RecommendationsService, { address: `127.0.0.1:${port}` })
    closers.push(client.close)

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

  it('answers and stops as ever when the collector of its traces never answers', async () => {
    const collector = createServer(() => {}).listen(0, '127.0.0.1')
    await once(collector, 'listening')
    const { port: collectorPort } = collector.address() as { port: number }
    closers.push(() => collector.close())
    const { child, prints, ended } = run({
      PORT: '0',
      DATA_DIR: 'memory://',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collectorPort}`,
    })
    const [, port] = await prints(/"port":(\d+)/)
    const client = createClient(RecommendationsService, { address: `localhost:${port}` })
    closers.push(client.close)

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
    closers.push(() => other.close())
    await once(other, 'listening')
    const { port } = other.address() as { port: number }

    const { ended } = run({ PORT: String(port), DATA_DIR: 'memory://' })

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

function run(env: Record<string, string>) {
  return runProcess(new URL('./main.ts', import.meta.url), env)
}
