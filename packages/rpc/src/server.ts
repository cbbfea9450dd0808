import { Server } from '@grpc/grpc-js'
import { type ServerInterceptor, surroundingsOf } from './answer.ts'
import type { ServedCall } from './call.ts'
import { createConnections } from './connections.ts'
import { grpcHandler, type Serving } from './grpc-handlers.ts'
import { createHealth, type Health } from './health.ts'
import { healthService } from './health-service.ts'
import { defaultLimits, type Limits, lookEveryMs, serverOptionsOf } from './limits.ts'
import { candidatesOf, listen } from './listen.ts'
import type { Log } from './log.ts'
import { RpcError, Status } from './rpc-error.ts'
import type { Method, Service } from './service.ts'
import { shedCalls } from './shed-calls.ts'
import { createUntakenAnswers } from './untaken-answers.ts'

/** What a server is started with. */
export interface ServerOptions {
  /** `host:port`. `[::]` listens on all of the machine's addresses, IPv4 too; port 0 takes a free one. */
  address: string
  log: Log
  services: readonly Service[]
  /** What surrounds every handler, outermost first; not that of health. */
  interceptors?: readonly ServerInterceptor[] | undefined
  /** The longest a call may take, in milliseconds, whatever its caller allows. Without it a caller may wait forever. */
  maxDeadlineMs?: number | undefined
  /** What the server puts up with, where that is not the default. */
  limits?: Partial<Limits> | undefined
  /** How long `stop` waits for running calls, in milliseconds. */
  graceMs?: number | undefined
}

/** A server that answers calls. */
export interface RpcServer {
  readonly port: number
  readonly health: Health
  /** Turns not ready, takes no new calls, lets running ones finish within the grace period, and closes. */
  stop(): Promise<void>
}

// How long callers have to take the last status of a call that was cut off.
const lastWordMs = 500

/** Serves the services and their health. Fails with `EADDRINUSE` where the port is taken. */
export async function startServer(options: ServerOptions): Promise<RpcServer> {
  const {
    address,
    log,
    services,
    interceptors = [],
    maxDeadlineMs = Number.POSITIVE_INFINITY,
    graceMs = 10_000,
  } = options
  const limits = { ...defaultLimits, ...options.limits }
  const server = new Server(serverOptionsOf(limits))
  const running = new Set<ServedCall>()
  const connections = createConnections(limits, log)
  const untaken = createUntakenAnswers(limits, connections)
  const health = createHealth(services.map(({ name }) => name))

  const surroundings = surroundingsOf(log, [shedCalls(limits.callsInFlight), ...interceptors])
  register(server, services, { surroundings, running, untaken, maxDeadlineMs })
  register(server, [healthService(health)], {
    surroundings: surroundingsOf(log),
    running,
    untaken,
    maxDeadlineMs: Number.POSITIVE_INFINITY,
  })

  const port = await listen(server, candidatesOf(address))
  connections.watch(server)
  const looking = setInterval(() => {
    connections.look()
    untaken.look()
  }, lookEveryMs).unref()

  return {
    port,
    health,
    async stop() {
      health.drain()
      const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()))
      try {
        if (await settlesWithin(graceMs, closed)) return

        for (const call of running) call.abort(new RpcError(Status.UNAVAILABLE, 'The server is shutting down'))
        if (await settlesWithin(lastWordMs, closed)) return

        server.forceShutdown()
        await closed
      } finally {
        clearInterval(looking)
      }
    },
  }
}

function register(server: Server, services: readonly Service[], serving: Serving): void {
  for (const route of services.flatMap(({ routes }) => routes)) {
    const { path, responseSerialize, requestDeserialize } = route.method
    server.register(path, grpcHandler(route, serving), responseSerialize, requestDeserialize, kindOf(route.method))
  }
}

function kindOf({ requestStream, responseStream }: Method): string {
  if (requestStream) return responseStream ? 'bidi' : 'clientStream'
  return responseStream ? 'serverStream' : 'unary'
}

async function settlesWithin(ms: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false)
  })
  const settled = await Promise.race([promise.then(() => true), timeout])
  clearTimeout(timer)
  return settled
}
