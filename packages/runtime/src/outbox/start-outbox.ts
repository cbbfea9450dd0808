import type { Kysely } from 'kysely'
import { startLeasedWork } from '../leased-work.ts'
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
  const work = startLeasedWork<LeasedJob>({
    name: `jobs of the outbox of ${schema}`,
    leaseDue: (limit) => store.leaseDue(kinds, limit, leaseMs),
    renew: (leases) => store.renew(leases, leaseMs),
    begin,
    ...{ log, concurrency, leaseMs, pollMs, graceMs },
  })

  function begin(job: LeasedJob): void {
    work
      .run(job.lease, (signal) => run(job, signal))
      .catch((err: unknown) =>
        log.warn({ ...namesOf(job), err }, 'the result of a job was not written: it is repeated'),
      )
  }

  async function run(job: LeasedJob, leaseSignal: AbortSignal): Promise<void> {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new Error(`it took longer than ${timeoutMs} ms`)), timeoutMs)
    const signal = AbortSignal.any([leaseSignal, late.signal])
    try {
      const handler = handlers[job.kind]
      if (job.attempts > maxAttempts || !handler) throw new PermanentError('the process ended during the last try')
      await runJob(handler, job, signal)
    } catch (error) {
      // Its handler may still be at work, so it is left until its lease ends.
      if (leaseSignal.aborted) log.warn({ ...namesOf(job), err: leaseSignal.reason }, 'a job was not finished')
      // A handler may reject with an error of its own when its signal aborts.
      else await handleFailure(job, signal.aborted ? signal.reason : error)
      return
    } finally {
      clearTimeout(timer)
    }
    await store.finish(job)
  }

  async function handleFailure(job: LeasedJob, err: Error): Promise<void> {
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

  const removeDone = () => void store.removeDone(keepDoneDays).catch(() => {})
  const removing = setInterval(removeDone, removeDoneEveryMs)
  removeDone()
  const stopObserving = observeOutbox(schema, store.readState)

  return {
    wake: work.wake,
    async stop() {
      await work.stop()
      clearInterval(removing)
      stopObserving()
    },
  }
}
