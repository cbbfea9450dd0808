import {
  createFileRegistry,
  type DescEnum,
  type DescExtension,
  type DescFile,
  type DescMessage,
  type DescService,
  toBinary,
} from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { loadOwnDescriptors, readDescriptors } from './descriptors.ts'

/** Lookups in descriptors. Each returns undefined where there is no such thing. */
export interface Reflection {
  findFile(name: string): DescFile | undefined
  /** The file that declares a service, a method, a message, a field, a oneof, an enum, one of its values or an extension. */
  findFileOfSymbol(fullName: string): DescFile | undefined
  findFileOfExtension(message: string, number: number): DescFile | undefined
  /** The numbers of all extensions of a message. */
  findExtensionNumbers(message: string): number[] | undefined
}

/** Lookups in these descriptors, a FileDescriptorSet with its imports, and those of this package. */
export function createReflection(descriptors: Uint8Array): Reflection {
  const registry = createFileRegistry(readDescriptors(loadOwnDescriptors()), readDescriptors(descriptors))
  const fileOfMember = new Map([...registry].flatMap((type) => membersOf(type).map((name) => [name, type.file])))

  return {
    findFile: (name) => registry.getFile(name),
    findFileOfSymbol: (fullName) => registry.get(fullName)?.file ?? fileOfMember.get(fullName),
    findFileOfExtension(name, number) {
      const message = registry.getMessage(name)
      return message && registry.getExtensionFor(message, number)?.file
    },
    findExtensionNumbers(name) {
      if (!registry.getMessage(name)) return undefined
      const extensions = [...registry].filter((type) => type.kind === 'extension')
      return extensions.filter(({ extendee }) => extendee.typeName === name).map(({ number }) => number)
    },
  }
}

/** A file and all files that it imports, each once, as FileDescriptorProto messages. The file itself comes first. */
export function describeFile(file: DescFile): Uint8Array[] {
  const files = new Set([file])
  // Iterating over a set includes what is added meanwhile.
  for (const { dependencies } of files) for (const dependency of dependencies) files.add(dependency)
  return [...files].map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto))
}

/** The full names of what a type declares. The values of an enum are named as if declared beside it. */
function membersOf(type: DescEnum | DescMessage | DescExtension | DescService): string[] {
  switch (type.kind) {
    case 'message':
      return [...type.proto.field, ...type.proto.oneofDecl].map(({ name }) => `${type.typeName}.${name}`)
    case 'service':
      return type.methods.map(({ name }) => `${type.typeName}.${name}`)
    case 'enum':
      return type.values.map(({ name }) => type.typeName.replace(/[^.]*$/, name))
    default:
      return []
  }
}
