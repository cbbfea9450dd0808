import { randomBytes } from 'node:crypto'
import { resourceExhausted, retryAfter } from '@books/rpc'
import { createSemaphore } from '@books/runtime'
import { defaultCost, type HashCost, hashPassword, isPasswordOf, isWeaker } from './password-hash.ts'

/** Hashes passwords, a few at a time. */
export interface PasswordHasher {
  hash(password: string, signal: AbortSignal): Promise<string>
  /**
   * Whether it is the password of a PHC string, and a new string where the stored one was made with less work than today's.
   * Without a string it is not, after the same work.
   */
  verify(
    phc: string | undefined,
    password: string,
    signal: AbortSignal,
  ): Promise<{ isRight: boolean; rehashed?: string }>
}

// Each takes a core and 19 MiB for about 0.1 s, so more at once would only take longer.
const concurrency = 2
// Two at a time do these within a few seconds.
const mostWaiting = 64
const retryAfterMs = 2_000

/** Creates a hasher. A call above the limit fails with RESOURCE_EXHAUSTED; one whose caller is gone is not begun. */
export async function createPasswordHasher(cost: HashCost = defaultCost): Promise<PasswordHasher> {
  const semaphore = createSemaphore(concurrency)
  const unknownHash = await hashPassword(randomBytes(32).toString('base64'), cost)

  async function run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    if (semaphore.waiting >= mostWaiting) throw resourceExhausted('Too many sign-ins at once', retryAfter(retryAfterMs))
    await semaphore.acquire(signal)
    try {
      return await work()
    } finally {
      semaphore.release()
    }
  }

  return {
    hash: (password, signal) => run(() => hashPassword(password, cost), signal),
    verify: (phc, password, signal) =>
      run(async () => {
        const isEqual = await isPasswordOf(phc ?? unknownHash, password)
        const isRight = isEqual && phc !== undefined
        if (!isRight || !isWeaker(phc, cost)) return { isRight }
        return { isRight, rehashed: await hashPassword(password, cost) }
      }, signal),
  }
}
