import type { Server } from '@grpc/grpc-js'
import { type Limits, lookEveryMs } from '../call/limits.ts'
import type { Log } from '../call/log.ts'
import { createConnections } from './connections.ts'
import { createUntakenAnswers, type UntakenAnswers } from './stalled-responses.ts'

/** Keeps the connections of a server within its limits. */
export interface Guard {
  /** Told by handlers which answers lie ready. */
  readonly untaken: UntakenAnswers
  /** Begins once the server listens. */
  begin(server: Server): void
  end(): void
}

/** Looks at every connection once a second, which costs calls nothing. */
export function createGuard(limits: Limits, log: Log): Guard {
  const connections = createConnections(limits, log)
  const untaken = createUntakenAnswers(limits, connections)
  let looking: NodeJS.Timeout | undefined

  return {
    untaken,
    begin(server) {
      connections.watch(server)
      looking = setInterval(() => {
        connections.look()
        untaken.look()
      }, lookEveryMs).unref()
    },
    end: () => clearInterval(looking),
  }
}
