import { Client, credentials, Metadata } from '@grpc/grpc-js'
import { deadlineMs, method, request } from '../call.ts'
import type { BenchClient } from './client.ts'

/** grpc-js as it is, with a deadline. */
export function openBare(port: number): BenchClient {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  const { path, requestSerialize, responseDeserialize } = method

  return {
    call(settle) {
      const deadline = Date.now() + deadlineMs
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        new Metadata(),
        { deadline },
        settle,
      )
    },
    close: () => client.close(),
  }
}
