import { setImmediate as eventLoopTurn } from 'node:timers/promises'

const longestTurnMs = 10

/**
 * Creates a function to call before each statement of a database that runs in this process. Where the statements of this turn of the event
 * loop took long, it resolves in the next: they settle without leaving the turn, so a series of them would keep all other work waiting.
 */
export function createTurnLimit(): () => Promise<void> {
  let firstAt: number | undefined

  return async () => {
    if (firstAt !== undefined && performance.now() - firstAt > longestTurnMs) await eventLoopTurn()
    if (firstAt !== undefined) return
    firstAt = performance.now()
    setImmediate(() => {
      firstAt = undefined
    })
  }
}
