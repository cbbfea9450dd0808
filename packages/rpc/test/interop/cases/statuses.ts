import { Status } from '../../../src/index.ts'
import { SimpleRequest, StreamingOutputCallRequest } from '../../gen/grpc/testing/messages.ts'
import { TestServiceService } from '../../gen/grpc/testing/test.ts'
import type { Connect } from '../interop-case.ts'
import { failsWith } from './fails-with.ts'

/** A status and its text come back as they were sent, from a call with one answer and from a stream. */
export async function statusCodeAndMessage(connect: Connect): Promise<void> {
  const client = connect(TestServiceService)
  const responseStatus = { code: Status.UNKNOWN, message: 'test status message' }
  async function* one() {
    yield StreamingOutputCallRequest.create({ responseStatus })
  }

  await failsWith(responseStatus, client.unaryCall(SimpleRequest.create({ responseStatus })))
  await failsWith(responseStatus, client.fullDuplexCall(one()))
}

/** The text of a status survives white space, and characters outside of ASCII and of the first plane of Unicode. */
export async function specialStatusMessage(connect: Connect): Promise<void> {
  const responseStatus = {
    code: Status.UNKNOWN,
    message: '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n',
  }

  await failsWith(responseStatus, connect(TestServiceService).unaryCall(SimpleRequest.create({ responseStatus })))
}
