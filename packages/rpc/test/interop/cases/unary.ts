import { strict as assert } from 'node:assert'
import type { Client } from '../../../src/index.ts'
import { TestServiceService } from '../../gen/grpc/testing/test.ts'
import type { Connect } from '../interop-case.ts'
import { largeRequest, largeSize, zeros } from '../messages.ts'

const manyCalls = 1_000

/** An empty message in both directions. */
export async function emptyUnary(connect: Connect): Promise<void> {
  const answer = await connect(TestServiceService).emptyCall({})

  assert.deepEqual(answer, {})
}

/** Messages larger than a window of flow control. */
export async function largeUnary(connect: Connect): Promise<void> {
  await callLarge(connect(TestServiceService))
}

/** A thousand large calls at once, on one channel. */
export async function concurrentLargeUnary(connect: Connect): Promise<void> {
  const client = connect(TestServiceService)

  await Promise.all(Array.from({ length: manyCalls }, () => callLarge(client)))
}

async function callLarge(client: Client<typeof TestServiceService>): Promise<void> {
  const { payload } = await client.unaryCall(largeRequest())

  assert.ok(payload?.body.equals(zeros(largeSize)), 'the payload is not as requested')
}
