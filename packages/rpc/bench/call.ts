import { SimpleRequest, type SimpleResponse } from '../test/gen/grpc/testing/messages.ts'
import { TestServiceService } from '../test/gen/grpc/testing/test.ts'

/** The method that every contestant serves or calls: one message, one answer. */
export const method = TestServiceService.unaryCall

/** What every call sends. */
export const request = SimpleRequest.create({ responseSize: 100, payload: { body: Buffer.alloc(30) } })

/** What every call is answered. */
export const response: SimpleResponse = { payload: { type: 0, body: Buffer.alloc(100) } }

/** How long every call may take, in milliseconds: none is without a deadline. */
export const deadlineMs = 10_000
