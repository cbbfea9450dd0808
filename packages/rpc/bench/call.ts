import { SimpleRequest, type SimpleResponse } from '../test/gen/grpc/testing/messages.ts'
import { TestServiceService } from '../test/gen/grpc/testing/test.ts'

/** The unary method that every contestant serves or calls. */
export const method = TestServiceService.unaryCall

/** The request of every call. */
export const request = SimpleRequest.create({ responseSize: 100, payload: { body: Buffer.alloc(30) } })

/** The response of every call. */
export const response: SimpleResponse = { payload: { type: 0, body: Buffer.alloc(100) } }

/** The deadline of every call, in milliseconds. */
export const deadlineMs = 10_000
