import type { Server } from '@grpc/grpc-js'
import type { Method, Service } from '../call/service.ts'
import { authorize } from './authorization.ts'
import { createGrpcHandler, type HandlerContext } from './grpc-handlers.ts'
import { safeDeserialize } from './safe-deserialize.ts'

/** Registers every method of the services with a server of grpc-js. */
export function register(server: Server, services: readonly Service[], context: HandlerContext): void {
  for (const route of services.flatMap(({ routes }) => routes)) {
    const { path, responseSerialize, requestDeserialize } = route.method
    const handler = createGrpcHandler({ ...route, handler: authorize(route) }, context)
    server.register(path, handler, responseSerialize, safeDeserialize(requestDeserialize), kindOf(route.method))
  }
}

function kindOf({ requestStream, responseStream }: Method): string {
  if (requestStream) return responseStream ? 'bidi' : 'clientStream'
  return responseStream ? 'serverStream' : 'unary'
}
