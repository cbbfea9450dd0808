import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { startDns } from './dns.fixture.ts'
import { type Caller, freePort, type Replica, startCaller, startReplica } from './replicas.fixture.ts'

const lanes = 32
const rounds = 3
const hosts = ['127.0.0.1', '127.0.0.2']

describe('a rolling restart under load', () => {
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  let port: number
  let replicas: Replica[]
  let callerOf: (...readOnly: string[]) => Promise<Caller>
  beforeEach(async () => {
    port = await freePort()
    replicas = await Promise.all(hosts.map(start))
    opened.defer(async () => void (await Promise.all(replicas.map(({ end }) => end('SIGTERM')))))
    const dns = await startDns(...hosts)
    opened.defer(dns.stop)
    callerOf = async (...readOnly) => {
      const caller = await startCaller(`dns://127.0.0.1:${dns.port}/tour:${port}`, ...readOnly)
      opened.defer(caller.end)
      return caller
    }
  })
  afterEach(() => opened.disposeAsync())

  it('fails no call, read-only or not, when replicas are stopped', async () => {
    const caller = await callerOf()

    const exitCodes = new Set<number | null>()
    const { answers, errors } = await caller.callDuring(lanes, (atLeast) =>
      restartAll(atLeast, async (replica) => exitCodes.add(await replica.end('SIGTERM'))),
    )

    expect(errors).toEqual({})
    expect(sum(answers)).toBeGreaterThanOrEqual(10_000)
    expect([...exitCodes]).toEqual([0])
  })

  it('fails no read-only call when replicas are killed', async () => {
    const caller = await callerOf('Greet')

    const { answers, errors } = await caller.callDuring(lanes, (atLeast) =>
      restartAll(atLeast, (replica) => replica.end('SIGKILL')),
    )

    expect(errors).toEqual({})
    expect(sum(answers)).toBeGreaterThanOrEqual(10_000)
  })

  /** Ends and starts each replica in turn, with some calls in between, and more until there are enough of them. */
  async function restartAll(atLeast: (calls: number) => Promise<void>, end: (replica: Replica) => Promise<unknown>) {
    let calls = 0
    for (let round = 0; round < rounds; round++) {
      for (const [index, host] of hosts.entries()) {
        calls += 1_000
        await atLeast(calls)
        const replica = replicas[index]
        if (replica) await end(replica)
        replicas[index] = await start(host)
      }
    }
    await atLeast(10_000)
  }

  function start(host: string) {
    return startReplica(`${host}:${port}`)
  }
})

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
