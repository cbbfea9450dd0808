import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import type { Method } from '../call/service.ts'
import { readDescriptors } from './descriptors.ts'

/** The descriptors of the contracts beside this file: a FileDescriptorSet with its imports. */
export const libraryDescriptors: Uint8Array = execFileSync('buf', [
  'build',
  fileURLToPath(new URL('./library.fixture', import.meta.url)),
  '--as-file-descriptor-set',
  '--output=-',
])

const libraryRegistry = readDescriptors(libraryDescriptors)

/** The definition of the service Library, made from its contract. */
export const LibraryService = {
  findBook: { ...methodOf('FindBook'), responseStream: false as const },
  listLoans: { ...methodOf('ListLoans'), responseStream: true as const },
}

function methodOf(name: string): Omit<Method, 'responseStream'> {
  const method = libraryRegistry.getService('test.library.Library')?.methods.find((each) => each.name === name)
  if (!method) throw new Error(`no method ${name}`)
  return {
    path: `/test.library.Library/${name}`,
    requestStream: false,
    requestSerialize: writerOf(method.input),
    requestDeserialize: readerOf(method.input),
    responseSerialize: writerOf(method.output),
    responseDeserialize: readerOf(method.output),
  }
}

function writerOf(type: DescMessage): (message: unknown) => Buffer {
  return (message) => Buffer.from(toBinary(type, create(type, message as MessageInitShape<DescMessage>)))
}

function readerOf(type: DescMessage): (bytes: Buffer) => unknown {
  return (bytes) => fromBinary(type, bytes)
}
