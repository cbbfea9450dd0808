import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { ServerOptions } from '../../src/server/server.ts'
import type { Order, Outcome } from './caller.fixture.ts'

/** A server in a child process. */
export interface Replica {
  address: string
  /** Sends a signal and resolves to the exit code once the process has ended; null if the signal ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/** A client in a child process. */
export interface Caller {
  /** Makes this many calls and resolves to their result. */
  call(order: Order): Promise<Outcome>
  /** Makes calls until the work is done, and this many more. */
  callDuring(lanes: number, work: (atLeast: (calls: number) => Promise<void>) => Promise<void>): Promise<Outcome>
  end(): Promise<void>
}

/** Starts a replica; it accepts calls once this resolves. */
export async function startReplica(
  address: string,
  options: Pick<ServerOptions, 'drainMs' | 'graceMs' | 'connectionAgeMs'> = {},
): Promise<Replica> {
  const child = run('./replica.fixture.ts', [address, JSON.stringify(options)])
  await messageOf(child, 'port')

  return {
    address,
    async end(signal) {
      const exited = child.exitCode === null ? once(child, 'exit') : [child.exitCode]
      child.kill(signal)
      return (await exited)[0]
    },
  }
}

/** Starts a caller of an address. With a DNS server, grpc-js resolves names there. */
export async function startCaller(address: string, ...readOnly: string[]): Promise<Caller> {
  const child = run('./caller.fixture.ts', [address, ...readOnly], { GRPC_NODE_USE_ALTERNATIVE_RESOLVER: 'true' })
  await messageOf(child, 'ready')

  const begin = (order: Order) => {
    const outcome = messageOf(child, 'outcome') as Promise<Outcome>
    child.send(order)
    return outcome
  }
  return {
    call: begin,
    async callDuring(lanes, work) {
      const outcome = begin({ lanes })
      await work(async (calls) => {
        while (((await messageOf(child, 'done')) as number) < calls);
      })
      child.send('stop')
      return outcome
    },
    async end() {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

/** A port that is free on every loopback address of IPv4, as far as the system tells. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '0.0.0.0')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

function run(program: string, args: string[], env: Record<string, string> = {}): ChildProcess {
  return fork(fileURLToPath(new URL(program, import.meta.url)), args, { env, execArgv: [] })
}

async function messageOf(child: ChildProcess, key: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      child.off('message', look)
      child.off('exit', fail)
      end()
    }
    const look = (message: Record<string, unknown>) => {
      if (key in message) settle(() => resolve(message[key]))
    }
    const fail = (code: number | null) => settle(() => reject(new Error(`ended with ${code} without its ${key}`)))
    child.on('message', look)
    child.on('exit', fail)
  })
}
