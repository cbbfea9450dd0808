import { SimpleRequest, StreamingOutputCallRequest } from '../gen/grpc/testing/messages.ts'

/** The metadata that a server of the interoperability tests sends back: one as a header, the other as a trailer. */
export const echoed = { initialKey: 'x-grpc-test-echo-initial', trailingKey: 'x-grpc-test-echo-trailing-bin' }

/** How many bytes the answer to a large call has. */
export const largeSize = 314_159

const largeRequestSize = 271_828

/** A body of so many bytes of zero, as all payloads of the interoperability tests are. */
export function zeros(size: number): Buffer {
  return Buffer.alloc(size)
}

/** A large request that wants a larger answer. */
export function largeRequest(): SimpleRequest {
  return SimpleRequest.create({ responseSize: largeSize, payload: { body: zeros(largeRequestSize) } })
}

/** A request of so many bytes that wants one answer of each size. */
export function requestOf(bytes: number, ...sizes: number[]): StreamingOutputCallRequest {
  const responseParameters = sizes.map((size) => ({ size }))
  return StreamingOutputCallRequest.create({ responseParameters, payload: { body: zeros(bytes) } })
}
