import type { BenchClient, Settle } from './clients/client.ts'

/** The load on a client. */
export interface Load {
  seconds: number
  /** Calls a second, evenly spaced; as many as possible without it. */
  callsPerSecond?: number | undefined
  /** Concurrent calls where there are as many as possible; 128 by default. */
  inFlight?: number | undefined
}

/** The result of a load. */
export interface Driven {
  calls: number
  seconds: number
  /** CPU time of this process. */
  cpuMicros: number
  p50Ms: number
  p99Ms: number
}

/** Makes calls for this many seconds and waits for their responses. Rejects where one fails. */
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

/** Replaces each call that has ended with another one. */
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

/** Makes the calls that are due, a thousand times a second, whether or not those before have ended. */
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
