import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import type { Method } from '../call/service.ts'
import { readDescriptors } from './descriptors.ts'

/** What the contracts beside this file say of themselves: a FileDescriptorSet with its imports. */
export const libraryDescriptors: Uint8Array = execFileSync('buf', [
  'build',
  fileURLToPath(new URL('./library.fixture', import.meta.url)),
  '--as-file-descriptor-set',
  '--output=-',
])

/** The same, by name. */
export const libraryRegistry = readDescriptors(libraryDescriptors)

/** The table of the service Library, made from its contract. */
export const LibraryService = {
  findBook: { ...methodOf('FindBook'), responseStream: false as const },
  listLoans: { ...methodOf('ListLoans'), responseStream: true as const },
}

/** A message of the fixture's contracts, by its name in them. */
export function typeOf(name: string): DescMessage {
  const type = libraryRegistry.getMessage(`test.library.${name}`)
  if (!type) throw new Error(`no message ${name}`)
  return type
}

/** The bytes of a message of the fixture's contracts. */
export function bytesOf(name: string, fields: MessageInitShape<DescMessage>): Uint8Array {
  const type = typeOf(name)
  return toBinary(type, create(type, fields))
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
