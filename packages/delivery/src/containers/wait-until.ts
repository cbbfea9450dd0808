import { setTimeout as delay } from 'node:timers/promises'
import { StartError } from '@books/runtime'

const lookEveryMs = 200

/** Resolves once a condition is true. Throws if it is not within a time, with what was waited for. */
export async function waitUntil(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  { withinMs, signal }: { withinMs: number; signal?: AbortSignal },
): Promise<void> {
  const lastMs = Date.now() + withinMs
  while (!(await isSo())) {
    signal?.throwIfAborted()
    if (Date.now() > lastMs) throw new StartError(`${what}: not within ${withinMs / 1_000} s`)
    await delay(lookEveryMs)
  }
}
