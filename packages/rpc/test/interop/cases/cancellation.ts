import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import { Status } from '../../../src/index.ts'
import { StreamingInputCallRequest } from '../../gen/grpc/testing/messages.ts'
import { TestServiceService } from '../../gen/grpc/testing/test.ts'
import type { Connect } from '../interop-case.ts'
import { requestOf } from '../messages.ts'
import { failsWith } from './fails-with.ts'

/** The caller cancels before any message is out. */
export async function cancelAfterBegin(connect: Connect): Promise<void> {
  const caller = new AbortController()
  async function* requests() {
    await aborted(caller.signal)
    yield StreamingInputCallRequest.create()
  }

  const answer = connect(TestServiceService).streamingInputCall(requests(), { signal: caller.signal })
  caller.abort()

  await failsWith({ code: Status.CANCELLED }, answer)
}

/** The caller cancels between two answers. */
export async function cancelAfterFirstResponse(connect: Connect): Promise<void> {
  const caller = new AbortController()
  async function* requests() {
    yield requestOf(27_182, 31_415)
    await aborted(caller.signal)
  }

  const answers = connect(TestServiceService).fullDuplexCall(requests(), { signal: caller.signal })
  async function readAll() {
    for await (const { payload } of answers) {
      assert.equal(payload?.body.length, 31_415)
      caller.abort()
    }
  }

  await failsWith({ code: Status.CANCELLED }, readAll())
}

/** The deadline passes while the server waits for the next request. */
export async function timeoutOnSleepingServer(connect: Connect): Promise<void> {
  const caller = new AbortController()
  async function* requests() {
    yield requestOf(27_182)
    await aborted(caller.signal)
  }

  const answers = connect(TestServiceService).fullDuplexCall(requests(), { deadlineMs: 1 })

  await failsWith({ code: Status.DEADLINE_EXCEEDED }, answers)
  caller.abort()
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}
