import type { Server } from '@grpc/grpc-js'
import type { Log } from '../call/log.ts'
import { timerDelay } from '../call/max-timer.ts'
import { createConnections } from './connections.ts'
import type { Limits } from './limits.ts'
import { createStalledResponses, type StalledResponses } from './stalled-responses.ts'
import { createUnfinishedRequests, type UnfinishedRequests } from './unfinished-requests.ts'

/** Keeps the connections of a server within its limits. */
export interface ConnectionManager {
  /** Where handlers report the responses that wait to be sent. */
  readonly stalledResponses: StalledResponses
  /** Where handlers report that a call has begun. */
  readonly unfinishedRequests: UnfinishedRequests
  /** Begins once the server listens. */
  start(server: Server): void
  /** Closes the server and every connection at once; `forceShutdown` of grpc-js closes no connections without its channelz. */
  forceShutdown(server: Server): void
  stop(): void
}

/** Creates a manager that checks every connection once a second by default, which costs calls nothing. */
export function createConnectionManager(limits: Limits, log: Log): ConnectionManager {
  const unfinishedRequests = createUnfinishedRequests(limits)
  const connections = createConnections(limits, unfinishedRequests, log)
  const stalledResponses = createStalledResponses(limits, connections)
  const everyMs = timerDelay('limits.checkEveryMs', limits.checkEveryMs)
  let timer: NodeJS.Timeout | undefined

  return {
    stalledResponses,
    unfinishedRequests,
    start(server) {
      connections.watch(server)
      timer = setInterval(() => {
        connections.check()
        stalledResponses.check()
        unfinishedRequests.check()
      }, everyMs).unref()
    },
    forceShutdown(server) {
      server.forceShutdown()
      connections.destroyAll()
    },
    stop: () => clearInterval(timer),
  }
}
