import * as fc from 'fast-check'
import { createClient } from '../../src/client/client.ts'
import { startChild } from '../child.fixture.ts'
import { type Tree, TreeServiceService } from '../gen/books/fuzz/v1/tree.ts'
import { growthMib, type Memory } from '../memory.fixture.ts'
import { callInputs, connectionInputs } from './inputs.fixture.ts'
import { type Answer, sendBytes, sendCalls } from './send.fixture.ts'

/** The result of a run. */
export interface Report {
  /** The number of calls by status; `none` for those that the server only reset. */
  statuses: Record<string, number>
  /** By how much the server's objects and buffers grew, in MiB. */
  heapGrowthMib: number
  /** By how much its maximum of memory grew, in MiB. */
  memoryGrowthMib: number
  /** The log of the server, and the warnings of Node. */
  complaints: string[]
}

// A connection costs more than a call, so there are fewer.
const callsABatch = 46
const connectionsABatch = 4
const batchSize = callsABatch + connectionsABatch
const waitForReadyMs = 20_000
const longestMs = 240_000

/** What a response must not disclose: places in the code, and errors of a parser. */
const telling =
  /\bat .+:\d+|node:|\.[jt]s\b|Error:|stack|RangeError|SyntaxError|wire ?type|varint|EOF|out of (range|bounds)/i

/** Sends this many malformed inputs to a new server. Rejects, with the smallest such input, where one breaks the server or discloses something. */
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
    if (leaves !== 3) throw new Error(`a valid call returned ${leaves}`)
  })
  function note(answer: Answer) {
    const text = JSON.stringify(answer)
    if (telling.test(text)) throw new Error(`a response discloses too much: ${text}`)
    const status = answer['grpc-status'] ?? answer[':status'] ?? 'none'
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  const check = (numRuns: number, from: number) =>
    fc.assert(property, {
      ...{ numRuns, seed: from, timeout: waitForReadyMs },
      // Limits the search for the smallest input, where each one takes until its timeout.
      interruptAfterTimeLimit: longestMs,
      markInterruptAsFailure: true,
    })

  try {
    const batches = Math.ceil(runs / batchSize)
    // Memory that a server allocates once is no growth.
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
