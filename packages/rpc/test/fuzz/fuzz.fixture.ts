import * as fc from 'fast-check'
import { createClient } from '../../src/client/client.ts'
import { startChild } from '../child.fixture.ts'
import { type Tree, TreeServiceService } from '../gen/books/fuzz/v1/tree.ts'
import { growthMib, type Memory } from '../memory.fixture.ts'
import { callInputs, connectionInputs } from './inputs.fixture.ts'
import { type Answer, sendBytes, sendCalls } from './send.fixture.ts'

/** How a run went. */
export interface Report {
  /** How many calls were answered with which status; `none` for those that the server only reset. */
  statuses: Record<string, number>
  /** By how much the server's objects and buffers grew, in MiB. */
  heapGrowthMib: number
  /** By how much all of its memory grew, in MiB, at its highest. */
  memoryGrowthMib: number
  /** What the server logged, and what Node warned of. */
  complaints: string[]
}

// One in so many goes over a connection of its own, which costs more than a call.
const callsABatch = 46
const connectionsABatch = 4
const batchSize = callsABatch + connectionsABatch
const waitForReadyMs = 20_000
const longestMs = 240_000

/** What an answer never says: where in the code something happened, and what a parser thought. */
const telling =
  /\bat .+:\d+|node:|\.[jt]s\b|Error:|stack|RangeError|SyntaxError|wire ?type|varint|EOF|out of (range|bounds)/i

/** Sends so many malformed inputs to a server of its own. Fails, with the smallest input that does it, where one tells or breaks something. */
export async function fuzz({ runs, seed }: { runs: number; seed: number }): Promise<Report> {
  const server = startChild(new URL('./fuzzed.fixture.ts', import.meta.url))
  const port = await server.ask<number>('port')
  const client = createClient(TreeServiceService, { address: `127.0.0.1:${port}`, descriptors: new Uint8Array() })
  const statuses: Record<string, number> = {}

  const batch = fc.tuple(
    fc.array(callInputs, { minLength: callsABatch, maxLength: callsABatch }),
    fc.array(connectionInputs, { minLength: connectionsABatch, maxLength: connectionsABatch }),
  )
  const property = fc.asyncProperty(batch, async ([calls, connections]) => {
    const sent = Promise.all([sendCalls(port, calls), ...connections.map((input) => sendBytes(port, input))])
    const [answers] = await sent
    for (const answer of answers) note(answer)
    const { leaves } = await client.count({ tree: treeOf(treeOf(), treeOf(treeOf(), treeOf())) })
    if (leaves !== 3) throw new Error(`an honest call was answered ${leaves}`)
  })
  function note(answer: Answer) {
    const text = JSON.stringify(answer)
    if (telling.test(text)) throw new Error(`an answer tells too much: ${text}`)
    const status = answer['grpc-status'] ?? answer[':status'] ?? 'none'
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  const check = (numRuns: number, from: number) =>
    fc.assert(property, {
      ...{ numRuns, seed: from, timeout: waitForReadyMs },
      // Looking for the smallest input that fails must not take forever where each takes its whole patience.
      interruptAfterTimeLimit: longestMs,
      markInterruptAsFailure: true,
    })

  try {
    const batches = Math.ceil(runs / batchSize)
    // Memory that a server takes once for all is no growth.
    const warmUp = Math.ceil(batches / 10)
    await check(warmUp, seed)
    const before = await server.ask<Memory>('memory')
    await check(batches - warmUp, seed + 1)
    const after = await server.ask<Memory>('memory')
    return {
      statuses,
      heapGrowthMib: (after.heap - before.heap) / 1024 / 1024,
      memoryGrowthMib: growthMib(before, after),
      complaints: await server.ask<string[]>('complaints'),
    }
  } finally {
    client.close()
    await server.stop()
  }
}

function treeOf(...branches: Tree[]): Tree {
  const bark = Buffer.alloc(0)
  return { name: '', branches, named: {}, numbers: [], weight: 0, colour: 0, bark, season: 0 }
}
