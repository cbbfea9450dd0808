import { strict as assert } from 'node:assert'
import { Metadata } from '@grpc/grpc-js'
import type { ClientInterceptor } from '../../../src/index.ts'
import { TestServiceService } from '../../gen/grpc/testing/test.ts'
import type { Connect } from '../interop-case.ts'
import { echoed, largeRequest, largeSize, requestOf } from '../messages.ts'

const initialValue = 'test_initial_metadata_value'
const trailingValue = Buffer.from('ababab', 'hex')

/** A header and a binary trailer come back as they were sent, with one answer and with a stream. */
export async function customMetadata(connect: Connect): Promise<void> {
  const metadata = new Metadata()
  metadata.set(echoed.initialKey, initialValue)
  metadata.set(echoed.trailingKey, trailingValue)

  const unary = watchMetadata()
  await connect(TestServiceService, [unary.interceptor]).unaryCall(largeRequest(), { metadata })
  unary.check()

  const duplex = watchMetadata()
  const answers = connect(TestServiceService, [duplex.interceptor]).fullDuplexCall(one(), { metadata })
  for await (const { payload } of answers) assert.equal(payload?.body.length, largeSize)
  duplex.check()
}

function watchMetadata() {
  let header: Metadata | undefined
  let trailer: Metadata | undefined
  const interceptor: ClientInterceptor = (call, next) => {
    call.onHeader = (received) => {
      header = received
    }
    call.onTrailer = (received) => {
      trailer = received
    }
    return next()
  }
  const check = () => {
    assert.deepEqual(header?.get(echoed.initialKey), [initialValue])
    assert.deepEqual(trailer?.get(echoed.trailingKey), [trailingValue])
  }
  return { interceptor, check }
}

async function* one() {
  yield requestOf(271_828, largeSize)
}
