import { once } from 'node:events'
import { createServer } from 'node:net'
import { BookCategory, RecommendationsService } from '@books/proto'
import { createClient, HealthService, ServingStatus } from '@books/rpc'
import { createLog, openDatabase } from '@books/runtime'
import { findPostgres, runProcess, startPostgres } from '@books/runtime/testing'
import { afterEach, describe, expect, it } from '@jest/globals'
import { startRecommendations } from './index.ts'

const postgres = findPostgres()
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

  ;(postgres ? it : it.skip)('is ready while its database is there', async () => {
    const server = await startPostgres(postgres ?? '')
    closers.push(server.stop)
    const database = await openDatabase({ DATABASE_URL: server.url, DATA_DIR: 'unused' }, log)
    closers.unshift(database.close)
    const { port, stop } = await startRecommendations({
      settings: { HOST: '::', PORT: 0, GRACE_MS: 1_000 },
      database,
      log,
    })
    closers.unshift(stop)
    const health = createClient(HealthService, { address: `localhost:${port}`, deadlineMs: 60_000 })
    closers.unshift(health.close)

    const seen: ServingStatus[] = []
    for await (const { status } of health.watch({ service: 'Recommendations' })) {
      seen.push(status)
      if (seen.filter(isServing).length === 2) break
      if (isServing(status)) await server.kill()
      else if (seen.includes(ServingStatus.SERVING)) await server.restart()
    }

    expect(seen.slice(seen.findIndex(isServing))).toEqual([
      ServingStatus.SERVING,
      ServingStatus.NOT_SERVING,
      ServingStatus.SERVING,
    ])
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

function isServing(status: ServingStatus) {
  return status === ServingStatus.SERVING
}

function run(env: Record<string, string>) {
  return runProcess(new URL('./main.ts', import.meta.url), env)
}
