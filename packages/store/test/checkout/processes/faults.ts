import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../customers/random.ts'
import type { Fault } from '../history/history.ts'
import type { ServiceProcess } from './service-process.ts'
import type { StoreDatabase } from './store-database.ts'

/** A fault that is to come. */
export interface PlannedFault {
  /** How much of the run is done by then, from 0 to 1. */
  at: number
  process: string
  kind: Fault['kind']
  /** How long the process is down or paused, in milliseconds. */
  forMs: number
}

/** Plans faults of each process in turn, at random moments, the last before the end of the run. */
export function planFaults(
  random: Random,
  { kills, pauses, processes }: { kills: number; pauses: number; processes: readonly string[] },
): PlannedFault[] {
  const plan = (kind: Fault['kind'], nth: number): PlannedFault => ({
    at: 0.03 + random.next() * 0.92,
    process: processes[nth % processes.length]!,
    kind,
    // A few pauses are longer than any call and lease.
    forMs:
      kind === 'kill'
        ? random.between(0, 800)
        : random.next() < 0.2
          ? random.between(11_000, 14_000)
          : random.between(200, 3_000),
  })
  const all = [
    ...Array.from({ length: kills }, (_, nth) => plan('kill', nth)),
    ...Array.from({ length: pauses }, (_, nth) => plan('pause', nth + 2)),
  ]
  return all.toSorted((a, b) => a.at - b.at)
}

/** What faults happen to. */
export interface FaultTargets {
  services: readonly ServiceProcess[]
  database: StoreDatabase
}

/** Lets the planned faults happen as the run goes on, at most one at a time for each process; `progress` answers from 0 to 1. */
export function startFaults(plan: readonly PlannedFault[], targets: FaultTargets, progress: () => number) {
  const faults: Fault[] = []
  const busy = new Map<string, Promise<void>>()
  const left = [...plan]
  let isOver = false

  function beginDue(): void {
    while (left[0] && (left[0].at <= progress() || isOver)) {
      const fault = left.shift()!
      const before = busy.get(fault.process) ?? Promise.resolve()
      busy.set(
        fault.process,
        before.then(async () => {
          const beganAt = Date.now()
          await inject(fault, targets)
          faults.push({ process: fault.process, kind: fault.kind, beganAt, endedAt: Date.now() })
        }),
      )
    }
  }
  const timer = setInterval(beginDue, 20)

  return {
    faults,
    /** Resolves once the last of them is over. */
    async end(): Promise<void> {
      isOver = true
      beginDue()
      clearInterval(timer)
      await Promise.all(busy.values())
    },
  }
}

async function inject({ process, kind, forMs }: PlannedFault, { services, database }: FaultTargets): Promise<void> {
  if (process === 'database') return database.restart?.(forMs)
  const service = services.find(({ name }) => name === process)
  if (!service) throw new TypeError(`${process} is no process of the run`)
  if (kind === 'kill') {
    await service.kill()
    await delay(forMs)
    await service.start()
  } else {
    service.pause()
    await delay(forMs)
    service.resume()
  }
}
