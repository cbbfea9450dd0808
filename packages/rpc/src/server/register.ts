import type { Server } from '@grpc/grpc-js'
import { tolerant } from '../call/safe-deserialize.ts'
import type { Method, Service } from '../call/service.ts'
import { grpcHandler, type Serving } from './grpc-handlers.ts'

/** Lets a server answer the methods of these services. */
export function register(server: Server, services: readonly Service[], serving: Serving): void {
  for (const route of services.flatMap(({ routes }) => routes)) {
    const { path, responseSerialize, requestDeserialize } = route.method
    const read = tolerant(requestDeserialize)
    server.register(path, grpcHandler(route, serving), responseSerialize, read, kindOf(route.method))
  }
}

function kindOf({ requestStream, responseStream }: Method): string {
  if (requestStream) return responseStream ? 'bidi' : 'clientStream'
  return responseStream ? 'serverStream' : 'unary'
}
