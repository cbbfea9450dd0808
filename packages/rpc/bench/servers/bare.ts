import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js'
import type { SimpleRequest, SimpleResponse } from '../../test/gen/grpc/testing/messages.ts'
import { method, response } from '../call.ts'

/** grpc-js as it is. */
export function startBare(): Promise<number> {
  const server = new Server()
  const unaryCall: handleUnaryCall<SimpleRequest, SimpleResponse> = (_call, callback) => callback(null, response)
  server.addService({ unaryCall: method }, { unaryCall })

  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error)
      else resolve(port)
    })
  })
}
