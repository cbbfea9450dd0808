import type { Server } from '@grpc/grpc-js'
import type { Log } from '../call/log.ts'
import type { Method, Service } from '../call/service.ts'
import { authorize } from './authorization.ts'
import { createGrpcHandler, type HandlerContext } from './grpc-handlers.ts'
import { safeDeserialize } from './safe-deserialize.ts'

/** What a server registers its services with. */
export interface Registration extends HandlerContext {
  log: Log
}

/** Registers every method of the services with a server of grpc-js. Throws where two services have a method of one path. */
export function register(server: Server, services: readonly Service[], context: Registration): void {
  for (const route of services.flatMap(({ routes }) => routes)) {
    const { path, responseSerialize, requestDeserialize } = route.method
    const handler = createGrpcHandler({ ...route, handler: authorize(route) }, context)
    const serialize = loggingFailures(responseSerialize, path, context.log)
    const isNew = server.register(path, handler, serialize, safeDeserialize(requestDeserialize), kindOf(route.method))
    if (!isNew) throw new Error(`two services have the method ${path}`)
  }
}

function kindOf({ requestStream, responseStream }: Method): string {
  if (requestStream) return responseStream ? 'bidi' : 'clientStream'
  return responseStream ? 'serverStream' : 'unary'
}

/** grpc-js answers INTERNAL where a response cannot be serialized, and tells nothing of the error. */
function loggingFailures(
  serialize: Method['responseSerialize'],
  method: string,
  log: Log,
): Method['responseSerialize'] {
  return (response) => {
    try {
      return serialize(response)
    } catch (error) {
      log.error({ err: error, method }, 'the response cannot be serialized')
      throw error
    }
  }
}
