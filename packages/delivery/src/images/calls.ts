/** Calls that are made over and over, several at a time. */
export interface Calls {
  /** Makes no further ones, waits for those under way, and tells how many there were and which failed. */
  end(): Promise<{ made: number; failures: string[] }>
}

const atATime = 8

/** Repeats a call, eight at a time, until it is ended. */
export function startCalls(call: () => Promise<void>): Calls {
  let isEnding = false
  let made = 0
  const failures: string[] = []

  async function keepCalling(): Promise<void> {
    while (!isEnding) {
      made += 1
      try {
        await call()
      } catch (error) {
        failures.push((error as Error).message)
        return
      }
    }
  }
  const callers = Array.from({ length: atATime }, keepCalling)

  return {
    async end() {
      isEnding = true
      await Promise.all(callers)
      return { made, failures }
    },
  }
}
