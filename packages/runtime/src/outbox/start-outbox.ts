import type { Kysely } from 'kysely'
import type { Log } from '../log.ts'
import type { Running } from '../start-process.ts'
import { observeOutbox } from './observe-outbox.ts'
import { createOutboxStore, type LeasedJob } from './outbox-store.ts'
import type { OutboxTables } from './outbox-table.ts'
import { PermanentError } from './permanent-error.ts'
import { type RetryDelays, retryDelayMs } from './retry-delay.ts'
import { type Handler, runJob } from './run-job.ts'

/** How an outbox is worked off. */
export interface OutboxOptions {
  /** The schema of its table, as metrics name it. */
  schema: string
  /** What does a job, by its kind. Jobs of other kinds are left to processes that know them. */
  handlers: Readonly<Record<string, Handler>>
  log: Log
  /** The most jobs at a time. */
  concurrency?: number
  /** How long the job of a process that died stays its own. A running job's lease is renewed. */
  leaseMs?: number
  /** How often to look for jobs that other processes enqueued, or that are due. */
  pollMs?: number
  /** How long a try may take. */
  timeoutMs?: number
  /** How often a job is tried before it is parked. */
  maxAttempts?: number
  retryDelays?: RetryDelays
  /** How long a stop waits for running jobs. */
  graceMs?: number
  /** Returns a number in [0, 1). */
  random?: () => number
}

/** An outbox that is worked off. */
export interface Outbox extends Running {
  /** Looks for jobs now. Call it after a commit that enqueued one. */
  wake(): void
  /** Takes no new jobs, and resolves once the running ones have ended or the grace is over. */
  stop(): Promise<void>
}

// A key is kept for as long, so it is not enqueued again; nothing of the store repeats a step after that time.
const keepDoneDays = 90
const removeDoneEveryMs = 60 * 60 * 1_000

/**
 * Does the jobs of an outbox: each at least once, in this process or any other on the same database. A job that fails is tried
 * again, by default for about a day, and then parked; one that fails with a `PermanentError` is parked at once. Errors are logged
 * and kept as the reason, so a handler's errors must not contain personal data. No handler runs in a transaction.
 */
export function startOutbox<Tables extends OutboxTables>(
  tables: Kysely<Tables>,
  {
    schema,
    handlers,
    log,
    concurrency = 8,
    leaseMs = 10_000,
    pollMs = 2_000,
    timeoutMs = 60_000,
    maxAttempts = 36,
    retryDelays = { firstMs: 1_000, longestMs: 60 * 60 * 1_000 },
    graceMs = 3_000,
    random = Math.random,
  }: OutboxOptions,
): Outbox {
  const store = createOutboxStore(tables as unknown as Kysely<OutboxTables>)
  const kinds = Object.keys(handlers)
  /** The running jobs by their leases. */
  const running = new Map<string, { abort: AbortController; ended: Promise<void> }>()
  let woken = Promise.withResolvers<void>()
  let isStopping = false
  let hasStopped = false
  let mayBeMore = false
  let isFailing = false

  async function takeDueJobs(): Promise<void> {
    const free = concurrency - running.size
    if (free === 0) return
    const jobs = await store.leaseDue(kinds, free, leaseMs)
    mayBeMore = jobs.length === free
    isFailing = false
    // Those of an answer that came too late are left until their leases end.
    if (!hasStopped) for (const job of jobs) start(job)
  }

  async function work(): Promise<void> {
    while (!isStopping) {
      // Before the query: what is enqueued meanwhile wakes it again.
      woken = Promise.withResolvers()
      await takeDueJobs().catch((err: unknown) => {
        if (!isFailing) log.warn({ schema, err }, 'the outbox cannot be read, and is tried again')
        isFailing = true
      })
      const timer = setTimeout(woken.resolve, pollMs)
      if (!isStopping) await woken.promise
      clearTimeout(timer)
    }
  }

  function start(job: LeasedJob): void {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(new Error(`it took longer than ${timeoutMs} ms`)), timeoutMs)
    const ended = run(job, abort.signal)
      .catch((err: unknown) =>
        log.warn({ ...namesOf(job), err }, 'the result of a job was not written: it is repeated'),
      )
      .finally(() => {
        clearTimeout(timer)
        running.delete(job.lease)
        // Several at a time, as each look for jobs is a query.
        if (mayBeMore && running.size <= concurrency / 2) woken.resolve()
      })
    running.set(job.lease, { abort, ended })
  }

  async function run(job: LeasedJob, signal: AbortSignal): Promise<void> {
    try {
      const handler = handlers[job.kind]
      if (job.attempts > maxAttempts || !handler) throw new PermanentError('the process ended during the last try')
      await runJob(handler, job, signal)
    } catch (error) {
      // A handler may reject with an error of its own when its signal aborts.
      await handleFailure(job, signal.aborted ? signal.reason : error)
      return
    }
    await store.finish(job)
  }

  async function handleFailure(job: LeasedJob, err: Error): Promise<void> {
    // Its handler may still be at work, so it is left until its lease ends.
    if (err === stopped) return
    if (err instanceof PermanentError || job.attempts >= maxAttempts) {
      log.error({ ...namesOf(job), err }, 'a job is parked')
      await store.park(job, err.message)
    } else {
      log.warn({ ...namesOf(job), err }, 'a job failed, and is tried again')
      await store.tryAgain(job, retryDelayMs(job.attempts, retryDelays, random))
    }
  }

  function namesOf({ kind, key, attempts }: LeasedJob) {
    return { schema, kind, key, attempts }
  }

  async function renewLeases(): Promise<void> {
    const leases = [...running.keys()]
    if (leases.length === 0) return
    const held = await store.renew(leases, leaseMs)
    for (const lease of leases.filter((each) => !held.includes(each))) {
      running.get(lease)?.abort.abort(new Error('its lease was lost'))
    }
  }

  // What fails here is tried again by the next turn.
  const renewing = setInterval(() => void renewLeases().catch(() => {}), leaseMs / 3)
  const removeDone = () => void store.removeDone(keepDoneDays).catch(() => {})
  const removing = setInterval(removeDone, removeDoneEveryMs)
  removeDone()
  const stopObserving = observeOutbox(schema, store.readState)
  const working = work()
  const stopped = new Error('the process stops')

  async function stop(): Promise<void> {
    isStopping = true
    woken.resolve()
    const graceOver = Promise.withResolvers<void>()
    const timer = setTimeout(graceOver.resolve, graceMs)
    const ended = working.then(() => Promise.all([...running.values()].map((job) => job.ended)))
    // They may wait for a database that does not answer.
    await Promise.race([ended, graceOver.promise])
    clearTimeout(timer)
    hasStopped = true
    for (const { abort } of running.values()) abort.abort(stopped)
    clearInterval(renewing)
    clearInterval(removing)
    stopObserving()
  }

  let stopping: Promise<void> | undefined
  return { wake: () => woken.resolve(), stop: () => (stopping ??= stop()) }
}
