import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Kysely, sql } from 'kysely'
import { silentLog } from '../../testing/index.ts'
import type { Database } from '../database/database.ts'
import { startTelemetry } from '../telemetry/telemetry.ts'
import {
  createParkedJobs,
  enqueue,
  type Handler,
  type Job,
  type OutboxOptions,
  type OutboxTables,
  PermanentError,
  startOutbox,
} from './index.ts'
import { engines, listJobs, openOutbox, until } from './outbox.fixture.ts'
import { createOutboxStore } from './outbox-store.ts'

const mail = { kind: 'mail', key: 'receipt/1', payload: { to: 'ines@example.com', lines: ['Dune'] } }

describe.each(engines)('an outbox, %s', (_engine, open) => {
  let database: Database
  let tables: Kysely<OutboxTables>
  let opened: AsyncDisposableStack
  beforeEach(async () => {
    opened = new AsyncDisposableStack()
    database = opened.use(await open())
    tables = await openOutbox(database)
  })
  afterEach(() => opened.disposeAsync())

  it('does the jobs of a transaction that commits, and none of one that does not', async () => {
    const { jobs, handler } = recorder()
    start({ mail: handler })

    const failing = tables.transaction().execute(async (transaction) => {
      await enqueue(transaction, { ...mail, key: 'receipt/0' })
      throw new Error('out of stock')
    })
    await expect(failing).rejects.toThrow('out of stock')
    await tables.transaction().execute((transaction) => enqueue(transaction, mail))
    await untilDone(1)

    expect(jobs).toEqual([{ key: 'receipt/1', payload: mail.payload, attempts: 1 }])
  })

  it('takes a key once, also after its job is done, of which nothing else is kept', async () => {
    start({ mail: recorder().handler })

    expect(await enqueue(tables, mail)).toBe(true)
    expect(await enqueue(tables, { ...mail, payload: 'another' })).toBe(false)
    await untilDone(1)
    expect(await enqueue(tables, mail)).toBe(false)
    expect(await enqueue(tables, { ...mail, kind: 'payment' })).toBe(true)

    expect(await listJobs(tables)).toMatchObject([
      { kind: 'mail', key: 'receipt/1', payload: null, next_try_time: null, done_time: expect.any(Date) },
      { kind: 'payment' },
    ])
  })

  it('takes a key once from two transactions at the same time', async () => {
    const both = [1, 2].map(() => tables.transaction().execute((transaction) => enqueue(transaction, mail)))

    expect(new Set(await Promise.all(both))).toEqual(new Set([false, true]))
  })

  it('does nothing before it is due', async () => {
    const { jobs, handler } = recorder()
    await enqueue(tables, { ...mail, key: 'later', dueAt: new Date(Date.now() + 3_600_000) })
    await enqueue(tables, { ...mail, key: 'due', dueAt: new Date(Date.now() - 3_600_000) })
    await enqueue(tables, { ...mail, key: 'now' })
    start({ mail: handler }, { concurrency: 1 })

    await untilDone(2)

    expect(jobs.map(({ key }) => key)).toEqual(['due', 'now'])
  })

  it('runs handlers outside of transactions, so that they may use the database', async () => {
    start({
      mail: async ({ key }) => {
        await tables.transaction().execute((transaction) => enqueue(transaction, { ...mail, kind: 'after', key }))
      },
    })
    await enqueue(tables, mail)

    await untilDone(1)

    expect(await listJobs(tables)).toMatchObject([{ kind: 'mail' }, { kind: 'after', key: 'receipt/1' }])
  })

  it('tries a job that fails again, and others meanwhile, and parks it after the last try', async () => {
    const { jobs, handler } = recorder(async ({ key }) => {
      if (key === 'receipt/1') throw new Error('421 Too busy')
    })
    await enqueue(tables, mail)
    await enqueue(tables, { ...mail, key: 'receipt/2' })
    start({ mail: handler }, { maxAttempts: 3 })

    const parked = await untilParked()

    expect(parked).toMatchObject([{ kind: 'mail', key: 'receipt/1', attempts: 3, reason: '421 Too busy' }])
    const tries = jobs.map(({ key, attempts }) => `${key} ${attempts}`)
    expect(tries.toSorted()).toEqual(['receipt/1 1', 'receipt/1 2', 'receipt/1 3', 'receipt/2 1'])
    expect((await listJobs(tables))[0]).toMatchObject({ payload: mail.payload, next_try_time: null, lease: null })
  })

  it('waits between two tries as long as the delays say', async () => {
    const { jobs, handler } = recorder(() => Promise.reject(new Error('421 Too busy')))
    await enqueue(tables, mail)
    start({ mail: handler }, { retryDelays: { firstMs: 3_600_000, longestMs: 3_600_000 }, random: () => 0 })

    await until(async () => (await listJobs(tables))[0]?.lease === null && jobs.length > 0)

    const { rows } = await sql<{ seconds: number }>`
      select extract(epoch from next_try_time - now())::float as seconds from ${sql.table('shop.outbox')}`.execute(
      tables,
    )
    expect(rows[0]?.seconds).toBeGreaterThan(1_700)
    expect(rows[0]?.seconds).toBeLessThanOrEqual(1_800)
  })

  it('parks a job at once that can never succeed, until it is retried or dropped', async () => {
    let isUnknown = true
    const { jobs, handler } = recorder(async () => {
      if (isUnknown) throw new PermanentError('550 No such user')
    })
    for (const key of ['receipt/1', 'receipt/2']) await enqueue(tables, { ...mail, key })
    start({ mail: handler })
    await untilParked(2)
    const parkedJobs = createParkedJobs(tables)
    const [second, first] = (await parkedJobs.list()).toSorted((a, b) => b.key.localeCompare(a.key))
    isUnknown = false

    const dropped = await parkedJobs.drop([second?.id ?? ''])
    const retried = await parkedJobs.retry([first?.id ?? '', second?.id ?? ''])
    await untilDone(2)

    expect([first?.attempts, first?.reason, dropped, retried]).toEqual([
      1,
      '550 No such user',
      ['receipt/2'],
      ['receipt/1'],
    ])
    expect(jobs.filter(({ key }) => key === 'receipt/1').map(({ attempts }) => attempts)).toEqual([1, 1])
    expect((await listJobs(tables)).map(({ payload }) => payload)).toEqual([null, null])
    expect([await parkedJobs.list(), await parkedJobs.retry(), await parkedJobs.drop()]).toEqual([[], [], []])
    expect(await enqueue(tables, { ...mail, key: 'receipt/2' })).toBe(false)
  })

  it('gives a try up that takes too long, even where its handler ignores the signal', async () => {
    const signals: AbortSignal[] = []
    const { handler } = recorder((_job, signal) => {
      signals.push(signal)
      return new Promise(() => {})
    })
    await enqueue(tables, mail)
    start({ mail: handler }, { timeoutMs: 20, maxAttempts: 2 })

    const parked = await untilParked()

    expect(parked).toMatchObject([{ attempts: 2, reason: 'it took longer than 20 ms' }])
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
  })

  it('parks a job whose process ended in each of its tries', async () => {
    await enqueue(tables, mail)
    await tables.updateTable('outbox').set({ attempts: 3 }).execute()
    const { jobs, handler } = recorder()
    start({ mail: handler }, { maxAttempts: 3 })

    expect(await untilParked()).toMatchObject([{ reason: 'the process ended during the last try' }])
    expect(jobs).toEqual([])
  })

  it('does each job once with two workers at a time', async () => {
    const { jobs, handler } = recorder(async () => {
      await delay(1)
    })
    const keys = Array.from({ length: 200 }, (_, index) => `receipt/${index}`)
    for (const key of keys) await enqueue(tables, { ...mail, key })

    start({ mail: handler })
    start({ mail: handler })
    await untilDone(200)

    expect(jobs.map(({ key }) => key).toSorted()).toEqual(keys.toSorted())
  })

  it('runs no more jobs at a time than it may', async () => {
    let [running, most] = [0, 0]
    const { handler } = recorder(async () => {
      most = Math.max(most, ++running)
      await delay(1)
      running--
    })
    for (let index = 0; index < 50; index++) await enqueue(tables, { ...mail, key: `receipt/${index}` })

    start({ mail: handler }, { concurrency: 5 })
    await untilDone(50)

    expect(most).toBe(5)
  })

  it('leaves jobs of other kinds to processes that know them', async () => {
    await enqueue(tables, { ...mail, kind: 'payment', key: 'charge/1' })
    await enqueue(tables, mail)
    start({ mail: recorder().handler })

    await untilDone(1)

    expect(await listJobs(tables)).toMatchObject([{ kind: 'payment', attempts: 0, done_time: null }, { kind: 'mail' }])
  })

  it('looks for jobs when it is woken, and not only from time to time', async () => {
    const { jobs, handler } = recorder()
    const outbox = start({ mail: handler }, { pollMs: 3_600_000 })

    for (let index = 0; index < 20; index++) {
      await enqueue(tables, { ...mail, key: `receipt/${index}` })
      outbox.wake()
      await untilDone(index + 1)
    }

    expect(jobs).toHaveLength(20)
  })

  describe('a lease', () => {
    it('is renewed while the job runs', async () => {
      const { jobs, handler } = recorder(async () => {
        const first = await endOfLease()
        await until(async () => (await endOfLease()) > first)
      })
      await enqueue(tables, mail)

      start({ mail: handler }, { leaseMs: 300, pollMs: 3_600_000 })
      await untilDone(1)

      expect(jobs).toHaveLength(1)
    })

    it('that ended goes to another worker, and the first one is told and changes nothing', async () => {
      const told = Promise.withResolvers<unknown>()
      await enqueue(tables, mail)
      const { handler } = recorder(async (_job, signal) => {
        signal.addEventListener('abort', () => told.resolve(signal.reason))
        // As after its connection was away for longer than the lease.
        await tables.transaction().execute(async (transaction) => {
          await transaction
            .updateTable('outbox')
            .set({ next_try_time: new Date(0) })
            .execute()
          await createOutboxStore(transaction).leaseDue(['mail'], 1, 3_600_000)
        })
        await told.promise
        throw new PermanentError('not done')
      })
      const outbox = start({ mail: handler }, { leaseMs: 300, pollMs: 3_600_000, graceMs: 60_000 })

      expect(await told.promise).toEqual(new Error('its lease was lost'))
      await outbox.stop()
      expect(await listJobs(tables)).toMatchObject([{ attempts: 2, lease: expect.any(String), parked_time: null }])
    })
  })

  describe('a stop', () => {
    it('waits for the running jobs, and takes no more', async () => {
      const started = Promise.withResolvers<void>()
      const finish = Promise.withResolvers<void>()
      for (const key of ['receipt/1', 'receipt/2']) await enqueue(tables, { ...mail, key })
      const outbox = start(
        {
          mail: () => {
            started.resolve()
            return finish.promise
          },
        },
        { concurrency: 1 },
      )
      await started.promise

      const stopped = outbox.stop()
      finish.resolve()
      await stopped

      expect(await listJobs(tables)).toMatchObject([
        { done_time: expect.any(Date) },
        { done_time: null, attempts: 0, lease: null },
      ])
    })

    it('leaves a job that runs for longer to the next worker', async () => {
      const started = Promise.withResolvers<AbortSignal>()
      await enqueue(tables, mail)
      const outbox = start(
        {
          mail: (_job, signal) => {
            started.resolve(signal)
            return new Promise(() => {})
          },
        },
        { graceMs: 1 },
      )
      const signal = await started.promise
      await outbox.stop()

      expect(signal.aborted).toBe(true)
      expect(await listJobs(tables)).toMatchObject([{ lease: expect.any(String), parked_time: null, done_time: null }])
    })
  })

  describe('a stop beside a database that does not answer', () => {
    it('ends after the grace period, and a late answer starts no job', async () => {
      await enqueue(tables, mail)
      const { jobs, handler } = recorder()
      const stopped = Promise.withResolvers<void>()

      await tables.transaction().execute(async (transaction) => {
        await sql`lock table shop.outbox in access exclusive mode`.execute(transaction)
        const outbox = start({ mail: handler }, { graceMs: 1 })
        outbox.stop().then(stopped.resolve, stopped.reject)
        await stopped.promise
      })
      await listJobs(tables)

      expect(jobs).toEqual([])
    })
  })

  it('reports the age of the oldest due job and the number of parked ones to Prometheus', async () => {
    const telemetry = await startTelemetry(
      { METRICS_PORT: 0, HOST: '127.0.0.1' },
      { name: 'shop', version: '1', log: silentLog },
    )
    opened.defer(telemetry.stop)
    const scrape = async () => {
      const response = await fetch(`http://127.0.0.1:${telemetry.metricsPort}/metrics`)
      const samples = [...(await response.text()).matchAll(/^books_outbox_(\w+)\{schema="(\w+)".*\} (\S+)$/gm)]
      return Object.fromEntries(samples.map(([, name, schema, value]) => [`${schema} ${name}`, Number(value)]))
    }
    start({ mail: () => Promise.reject(new PermanentError('550 No such user')) })
    expect(await scrape()).toEqual({ 'shop oldest_age': 0, 'shop parked': 0 })

    await enqueue(tables, { ...mail, kind: 'payment', dueAt: new Date(Date.now() - 60_000) })
    await enqueue(tables, { ...mail, kind: 'payment', key: 'later', dueAt: new Date(Date.now() + 60_000) })
    await enqueue(tables, mail)
    await untilParked()

    const { 'shop oldest_age': age, 'shop parked': parked } = await scrape()
    expect(age).toBeGreaterThanOrEqual(59)
    expect(age).toBeLessThan(600)
    expect(parked).toBe(1)
  })

  it('removes what was done long ago', async () => {
    for (const key of ['old', 'new', 'parked']) await enqueue(tables, { ...mail, key })
    const days = (count: number) => sql<Date>`now() - make_interval(days => ${count})`
    await tables
      .updateTable('outbox')
      .set({ done_time: days(91) })
      .where('key', '=', 'old')
      .execute()
    await tables
      .updateTable('outbox')
      .set({ done_time: days(89) })
      .where('key', '=', 'new')
      .execute()

    await createOutboxStore(tables).removeDone(90)

    expect((await listJobs(tables)).map(({ key }) => key)).toEqual(['new', 'parked'])
  })

  /** A worker that looks and tries again without delay. */
  function start(handlers: Record<string, Handler>, options: Partial<OutboxOptions> = {}) {
    const retryDelays = { firstMs: 0, longestMs: 0 }
    const outbox = startOutbox(tables, {
      ...{ schema: 'shop', handlers, log: silentLog, pollMs: 5, graceMs: 0, retryDelays },
      ...options,
    })
    opened.defer(outbox.stop)
    return outbox
  }

  async function untilDone(count: number): Promise<void> {
    await until(async () => (await listJobs(tables)).filter(({ done_time }) => done_time).length === count)
  }

  async function untilParked(count = 1) {
    await until(async () => (await createParkedJobs(tables).list()).length === count)
    return createParkedJobs(tables).list()
  }

  async function endOfLease(): Promise<number> {
    const [job] = await listJobs(tables)
    return Number(job?.next_try_time)
  }
})

/** A handler, and the jobs that it got. */
function recorder(handle: Handler = async () => {}) {
  const jobs: Job[] = []
  const handler: Handler = async (job, signal) => {
    jobs.push(job)
    await handle(job, signal)
  }
  return { jobs, handler }
}
