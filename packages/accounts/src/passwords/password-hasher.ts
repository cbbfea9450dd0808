import { randomBytes } from 'node:crypto'
import { resourceExhausted, retryAfter } from '@books/rpc'
import PQueue from 'p-queue'
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
// What two of them do within a few seconds.
const mostWaiting = 64
const retryAfterMs = 2_000

/** Creates a hasher. A call above the limit fails with RESOURCE_EXHAUSTED; one whose caller is gone is not begun. */
export async function createPasswordHasher(cost: HashCost = defaultCost): Promise<PasswordHasher> {
  const queue = new PQueue({ concurrency })
  const ofNoAccount = await hashPassword(randomBytes(32).toString('base64'), cost)

  async function run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    if (queue.size >= mostWaiting) throw resourceExhausted('Too many sign-ins at once', retryAfter(retryAfterMs))
    return queue.add(work, { signal })
  }

  return {
    hash: (password, signal) => run(() => hashPassword(password, cost), signal),
    verify: (phc, password, signal) =>
      run(async () => {
        const isEqual = await isPasswordOf(phc ?? ofNoAccount, password)
        const isRight = isEqual && phc !== undefined
        if (!isRight || !isWeaker(phc, cost)) return { isRight }
        return { isRight, rehashed: await hashPassword(password, cost) }
      }, signal),
  }
}
