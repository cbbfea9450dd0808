import { Server } from '@grpc/grpc-js'
import { type ServerInterceptor, surroundingsOf } from './answer.ts'
import type { ServedCall } from './call.ts'
import { grpcHandler, type Serving } from './grpc-handlers.ts'
import { createHealth, type Health } from './health.ts'
import { healthService } from './health-service.ts'
import { candidatesOf, listen } from './listen.ts'
import type { Log } from './log.ts'
import { followNeeds, type Needs, type Probing } from './needs.ts'
import { reflectionServices } from './reflection-service.ts'
import { RpcError, Status } from './rpc-error.ts'
import type { Method, Service } from './service.ts'

/** What a server is started with. */
export interface ServerOptions {
  /** `host:port`. `[::]` listens on all of the machine's addresses, IPv4 too; port 0 takes a free one. */
  address: string
  log: Log
  services: readonly Service[]
  /** What the contracts say of themselves, for reflection: a FileDescriptorSet with its imports. Without it there is none. */
  descriptors?: Uint8Array | undefined
  /** What the services cannot work without: they are ready only while all of it is there. */
  needs?: Needs | undefined
  /** How often to look at each need, and how long that may take: both a second unless said otherwise. */
  probing?: Probing | undefined
  /** What surrounds every handler, outermost first; not that of health. */
  interceptors?: readonly ServerInterceptor[] | undefined
  /** The longest a call may take, in milliseconds, whatever its caller allows. Without it a caller may wait forever. */
  maxDeadlineMs?: number | undefined
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

/** Serves the services, their health, and reflection where their contracts are given. Fails with `EADDRINUSE` where the port is taken. */
export async function startServer(options: ServerOptions): Promise<RpcServer> {
  const { address, log, services, interceptors, maxDeadlineMs = Number.POSITIVE_INFINITY, graceMs = 10_000 } = options
  const server = new Server()
  const running = new Set<ServedCall>()
  const { descriptors, needs = {}, probing = { everyMs: 1_000, withinMs: 1_000 } } = options
  const stopping = new AbortController()
  const names = services.map(({ name }) => name)
  const health = createHealth(names, Object.keys(needs))
  const ownService = healthService(health)
  const reflection = descriptors ? reflectionServices(descriptors, [...names, ownService.name]) : []

  const surroundings = surroundingsOf(log, interceptors)
  register(server, [...services, ...reflection], { surroundings, running, maxDeadlineMs })
  register(server, [ownService], {
    surroundings: surroundingsOf(log),
    running,
    maxDeadlineMs: Number.POSITIVE_INFINITY,
  })

  const port = await listen(server, candidatesOf(address))
  followNeeds(needs, health, log, probing, stopping.signal)

  return {
    port,
    health,
    async stop() {
      stopping.abort()
      health.drain()
      const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()))
      if (await settlesWithin(graceMs, closed)) return

      for (const call of running) call.abort(new RpcError(Status.UNAVAILABLE, 'The server is shutting down'))
      if (await settlesWithin(lastWordMs, closed)) return

      server.forceShutdown()
      await closed
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
