import type { BenchClient, Settle } from './clients/client.ts'

/** How a client is driven. */
export interface Load {
  seconds: number
  /** Calls a second, evenly; without it as many as the client manages. */
  callsPerSecond?: number | undefined
  /** How many at a time where there are as many as the client manages; 128 without it. */
  inFlight?: number | undefined
}

/** What a client did. */
export interface Driven {
  calls: number
  seconds: number
  /** Time on the processor, of this process. */
  cpuMicros: number
  p50Ms: number
  p99Ms: number
}

/** Makes calls for so many seconds and waits for their answers. Rejects where one fails. */
export async function drive(client: BenchClient, { seconds, callsPerSecond, inFlight = 128 }: Load): Promise<Driven> {
  const latenciesMs: number[] = []
  const startMs = performance.now()
  const cpu = process.cpuUsage()
  const isOver = () => performance.now() - startMs >= seconds * 1000
  const call = (settle: Settle) => {
    const callMs = performance.now()
    client.call((error) => {
      latenciesMs.push(performance.now() - callMs)
      settle(error)
    })
  }

  await (callsPerSecond === undefined ? saturate(call, isOver, inFlight) : pace(call, isOver, callsPerSecond))

  const { user, system } = process.cpuUsage(cpu)
  const sorted = latenciesMs.toSorted((one, other) => one - other)
  const percentile = (share: number) => sorted[Math.floor(share * sorted.length)] ?? Number.NaN
  return {
    calls: sorted.length,
    seconds: (performance.now() - startMs) / 1000,
    cpuMicros: user + system,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
  }
}

type Call = (settle: Settle) => void

/** Replaces each call that is over with another one. */
function saturate(call: Call, isOver: () => boolean, inFlight: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let running = inFlight
    const next = () => {
      call((error) => {
        if (error) reject(error)
        else if (!isOver()) next()
        else if (--running === 0) resolve()
      })
    }
    for (let index = 0; index < inFlight; index++) next()
  })
}

/** Makes the calls that are due, a thousand times a second, whether or not those before have been answered. */
function pace(call: Call, isOver: () => boolean, callsPerSecond: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now()
    let sent = 0
    let answered = 0
    const finish = () => {
      if (isOver() && answered === sent) resolve()
    }
    const settle: Settle = (error) => {
      answered++
      if (error) reject(error)
      finish()
    }
    const timer = setInterval(() => {
      if (isOver()) {
        clearInterval(timer)
        return finish()
      }
      const due = ((performance.now() - startMs) / 1000) * callsPerSecond
      while (sent < due) {
        sent++
        call(settle)
      }
    }, 1)
  })
}
