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

/** Answers the standard gRPC reflection protocol, both its versions, for a server of these services. */
export function reflectionServices(descriptors: Uint8Array, services: readonly string[]): Service[] {
  const reflection = createReflection(descriptors)
  const names: string[] = [...services]
  const handlers: Handlers<typeof ServerReflectionService> = {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        yield { validHost: request.host, originalRequest: request, ...answerTo(request, reflection, names) }
      }
    },
  }

  // The two versions differ in nothing but their names.
  const both = [
    service(ServerReflectionService, handlers),
    service<typeof ServerReflectionServiceAlpha>(ServerReflectionServiceAlpha, handlers),
  ]
  names.push(...both.map(({ name }) => name))
  names.sort()
  return both
}

type Answer = Omit<ServerReflectionResponse, 'validHost' | 'originalRequest'>

/** The answer to one request: one that cannot be answered ends neither the stream nor those that follow. */
function answerTo(request: ServerReflectionRequest, reflection: Reflection, services: readonly string[]): Answer {
  try {
    return find(request, reflection, services)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return { errorResponse: { errorCode: error.code, errorMessage: error.message } }
  }
}

function find(request: ServerReflectionRequest, reflection: Reflection, services: readonly string[]): Answer {
  const { fileByFilename, fileContainingSymbol, fileContainingExtension, allExtensionNumbersOfType } = request

  if (request.listServices !== undefined)
    return { listServicesResponse: { service: services.map((name) => ({ name })) } }
  if (fileByFilename !== undefined) return fileAnswer(reflection.findFile(fileByFilename), fileByFilename)
  if (fileContainingSymbol !== undefined) {
    return fileAnswer(reflection.findFileOfSymbol(fileContainingSymbol), fileContainingSymbol)
  }
  if (fileContainingExtension) {
    const { containingType, extensionNumber } = fileContainingExtension
    const file = reflection.findFileOfExtension(containingType, extensionNumber)
    return fileAnswer(file, `extension ${extensionNumber} of ${containingType}`)
  }
  if (allExtensionNumbersOfType !== undefined) {
    const found = reflection.findExtensionNumbers(allExtensionNumbersOfType)
    const extensionNumber = found ?? raise(unknown(allExtensionNumbersOfType))
    return { allExtensionNumbersResponse: { baseTypeName: allExtensionNumbersOfType, extensionNumber } }
  }
  throw new RpcError(Status.INVALID_ARGUMENT, 'The request asks for nothing')
}

function fileAnswer(file: DescFile | undefined, asked: string): Answer {
  const files = describeFile(file ?? raise(unknown(asked)))
  return { fileDescriptorResponse: { fileDescriptorProto: files.map((bytes) => Buffer.from(bytes)) } }
}

function unknown(asked: string): RpcError {
  return notFound(`The server knows no ${asked}`)
}
