import { setImmediate } from 'node:timers/promises'

/** Resolves after more turns of the event loop than any requests of these tests need. */
export async function turnsEnd(): Promise<void> {
  for (let i = 0; i < 300; i++) await setImmediate()
}
