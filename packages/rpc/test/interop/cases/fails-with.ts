import { strict as assert } from 'node:assert'
import { RpcError, type Status } from '../../../src/index.ts'

/** Checks that a call fails with this status, and with this text where one is given. */
export async function failsWith(
  expected: { code: Status; message?: string },
  answer: Promise<unknown> | AsyncIterable<unknown>,
): Promise<void> {
  await assert.rejects('then' in answer ? answer : readAll(answer), (error) => {
    assert.ok(error instanceof RpcError)
    assert.equal(error.code, expected.code)
    assert.equal(error.message, expected.message ?? error.message)
    return true
  })
}

async function readAll(answers: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of answers);
}
