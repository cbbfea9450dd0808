import { createClient } from '../../src/index.ts'
import { deadlineMs, method, request } from '../call.ts'
import type { BenchClient } from './client.ts'

/** This package. */
export function openBooks(port: number): BenchClient {
  const client = createClient(
    { unaryCall: method },
    { address: `127.0.0.1:${port}`, descriptors: new Uint8Array(), deadlineMs },
  )

  return {
    call(settle) {
      client.unaryCall(request).then(() => settle(), settle)
    },
    close: () => client.close(),
  }
}
