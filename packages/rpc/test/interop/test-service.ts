import { setTimeout } from 'node:timers/promises'
import { type Call, type Handlers, invalidArgument, RpcError, type Service, Status, service } from '../../src/index.ts'
import { type EchoStatus, PayloadType, type ResponseParameters } from '../gen/grpc/testing/messages.ts'
import { TestServiceService } from '../gen/grpc/testing/test.ts'
import { echoed, zeros } from './messages.ts'

// One method of the contract must not be there.
const { unimplementedCall: _, ...ServedMethods } = TestServiceService

/** The limits for it: its clients make a thousand large calls at a time on one connection. */
export const testLimits = { callsInFlight: 2_000, unsentBytesPerConnection: 1_000_000_000 }

/** gRPC's `grpc.testing.TestService`, as its interoperability tests describe it. */
export function testService(): Service {
  return service(ServedMethods, {
    async emptyCall() {
      return {}
    },

    async unaryCall({ responseType, responseSize, responseStatus }, call) {
      echoMetadata(call)
      echoStatus(responseStatus)
      return { payload: payloadOf(responseType, responseSize) }
    },

    async *streamingOutputCall({ responseType, responseParameters }, call) {
      for (const parameters of responseParameters) yield answer(responseType, parameters, call)
    },

    async streamingInputCall(requests) {
      let aggregatedPayloadSize = 0
      for await (const { payload } of requests) aggregatedPayloadSize += payload?.body.length ?? 0
      return { aggregatedPayloadSize }
    },

    async *fullDuplexCall(requests, call) {
      echoMetadata(call)
      for await (const { responseType, responseParameters, responseStatus } of requests) {
        echoStatus(responseStatus)
        for (const parameters of responseParameters) yield answer(responseType, parameters, call)
      }
    },
  } satisfies Handlers<typeof ServedMethods>)
}

async function answer(type: PayloadType, { size, intervalUs }: ResponseParameters, { signal }: Call) {
  if (intervalUs > 0) await setTimeout(intervalUs / 1000, undefined, { signal })
  return { payload: payloadOf(type, size) }
}

function payloadOf(type: PayloadType, size: number) {
  if (type !== PayloadType.COMPRESSABLE) throw invalidArgument('response_type', 'must be COMPRESSABLE')
  return { type, body: zeros(size) }
}

function echoStatus(status: EchoStatus | undefined): void {
  if (status) throw new RpcError(codeOf(status), status.message)
}

function codeOf({ code }: EchoStatus): Status {
  return Status[Status[code] as keyof typeof Status] ?? Status.UNKNOWN
}

function echoMetadata({ metadata, header, trailer }: Call): void {
  for (const value of metadata.get(echoed.initialKey)) header.set(echoed.initialKey, value)
  for (const value of metadata.get(echoed.trailingKey)) trailer.set(echoed.trailingKey, value)
}
