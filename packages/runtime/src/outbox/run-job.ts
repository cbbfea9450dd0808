import { untilAborted } from '../database/until-aborted.ts'

/** Does a job. The signal aborts when the result does not count any more: the job is over then, whatever the handler does. */
export type Handler = (job: Job, signal: AbortSignal) => Promise<void>

/** What a handler gets. */
export interface Job {
  key: string
  payload: unknown
  /** How often it was tried, this try included. */
  attempts: number
}

/** Runs a handler, and rejects with the reason of the signal once that aborts, even where the handler goes on. */
export async function runJob(handler: Handler, { key, payload, attempts }: Job, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await untilAborted(handler({ key, payload, attempts }, signal), signal)
}
