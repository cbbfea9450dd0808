import { strict as assert } from 'node:assert'
import { StreamingInputCallRequest, type StreamingOutputCallResponse } from '../../gen/grpc/testing/messages.ts'
import { TestServiceService } from '../../gen/grpc/testing/test.ts'
import type { Connect } from '../interop-case.ts'
import { requestOf, zeros } from '../messages.ts'

const requestSizes = [27_182, 8, 1_828, 45_904]
const answerSizes = [31_415, 9, 2_653, 58_979]

/** Several requests, one response. */
export async function clientStreaming(connect: Connect): Promise<void> {
  async function* requests() {
    for (const size of requestSizes) yield StreamingInputCallRequest.create({ payload: { body: zeros(size) } })
  }

  const { aggregatedPayloadSize } = await connect(TestServiceService).streamingInputCall(requests())

  assert.equal(aggregatedPayloadSize, 74_922)
}

/** One request, several responses. */
export async function serverStreaming(connect: Connect): Promise<void> {
  const answers = connect(TestServiceService).streamingOutputCall(requestOf(0, ...answerSizes))

  const received: number[] = []
  for await (const answer of answers) received.push(zerosIn(answer))
  assert.deepEqual(received, answerSizes)
}

/** Each request waits for the response to the one before. */
export async function pingPong(connect: Connect): Promise<void> {
  const received: number[] = []
  let answered = Promise.withResolvers<void>()
  async function* requests() {
    for (const [index, size] of requestSizes.entries()) {
      yield requestOf(size, answerSizes[index] ?? 0)
      await answered.promise
      answered = Promise.withResolvers()
    }
  }

  for await (const answer of connect(TestServiceService).fullDuplexCall(requests())) {
    received.push(zerosIn(answer))
    answered.resolve()
  }

  assert.deepEqual(received, answerSizes)
}

/** No messages in either direction. */
export async function emptyStream(connect: Connect): Promise<void> {
  async function* nothing() {}

  for await (const answer of connect(TestServiceService).fullDuplexCall(nothing())) {
    assert.fail(`unexpected response: ${JSON.stringify(answer)}`)
  }
}

function zerosIn({ payload }: StreamingOutputCallResponse): number {
  const size = payload?.body.length ?? 0
  assert.ok(!payload || payload.body.equals(zeros(size)), 'the payload is not zeros')
  return size
}
