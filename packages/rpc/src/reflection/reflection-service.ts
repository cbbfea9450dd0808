import type { DescFile } from '@bufbuild/protobuf'
import { notFound, RpcError, raise, Status } from '../call/rpc-error.ts'
import { type Handlers, type Service, service } from '../call/service.ts'
import {
  type ServerReflectionRequest,
  type ServerReflectionResponse,
  ServerReflectionService,
} from '../gen/grpc/reflection/v1/reflection.ts'
import { ServerReflectionService as ServerReflectionServiceAlpha } from '../gen/grpc/reflection/v1alpha/reflection.ts'
import { createReflection, describeFile, type Reflection } from './reflection.ts'

export { ServerReflectionService, ServerReflectionServiceAlpha }

/** The standard gRPC reflection service, in both of its versions, for a server of these services. */
export function reflectionServices(descriptors: Uint8Array, services: readonly string[]): Service[] {
  const reflection = createReflection(descriptors)
  const names: string[] = [...services]
  const handlers: Handlers<typeof ServerReflectionService> = {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        yield { validHost: request.host, originalRequest: request, ...responseTo(request, reflection, names) }
      }
    },
  }

  // The two versions differ only in their names.
  const both = [
    service(ServerReflectionService, handlers),
    service<typeof ServerReflectionServiceAlpha>(ServerReflectionServiceAlpha, handlers),
  ]
  names.push(...both.map(({ name }) => name))
  names.sort()
  return both
}

type Response = Omit<ServerReflectionResponse, 'validHost' | 'originalRequest'>

/** The response to one request. A request that fails does not end the stream. */
function responseTo(request: ServerReflectionRequest, reflection: Reflection, services: readonly string[]): Response {
  try {
    return find(request, reflection, services)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return { errorResponse: { errorCode: error.code, errorMessage: error.message } }
  }
}

function find(request: ServerReflectionRequest, reflection: Reflection, services: readonly string[]): Response {
  const { fileByFilename, fileContainingSymbol, fileContainingExtension, allExtensionNumbersOfType } = request

  if (request.listServices !== undefined)
    return { listServicesResponse: { service: services.map((name) => ({ name })) } }
  if (fileByFilename !== undefined) return fileResponse(reflection.findFile(fileByFilename), fileByFilename)
  if (fileContainingSymbol !== undefined) {
    return fileResponse(reflection.findFileOfSymbol(fileContainingSymbol), fileContainingSymbol)
  }
  if (fileContainingExtension) {
    const { containingType, extensionNumber } = fileContainingExtension
    const file = reflection.findFileOfExtension(containingType, extensionNumber)
    return fileResponse(file, `extension ${extensionNumber} of ${containingType}`)
  }
  if (allExtensionNumbersOfType !== undefined) {
    const found = reflection.findExtensionNumbers(allExtensionNumbersOfType)
    const extensionNumber = found ?? raise(unknown(allExtensionNumbersOfType))
    return { allExtensionNumbersResponse: { baseTypeName: allExtensionNumbersOfType, extensionNumber } }
  }
  throw new RpcError(Status.INVALID_ARGUMENT, 'The request is empty')
}

function fileResponse(file: DescFile | undefined, name: string): Response {
  const files = describeFile(file ?? raise(unknown(name)))
  return { fileDescriptorResponse: { fileDescriptorProto: files.map((bytes) => Buffer.from(bytes)) } }
}

function unknown(name: string): RpcError {
  return notFound(`The server has no ${name}`)
}
