import { readFileSync } from 'node:fs'
import { createFileRegistry, type FileRegistry, fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'

/** Descriptors by name. `bytes` is a FileDescriptorSet with its imports, as `buf build` writes it. */
export function readDescriptors(bytes: Uint8Array): FileRegistry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes))
}

/** The descriptors of this package's own contracts: a FileDescriptorSet with its imports. */
export function loadOwnDescriptors(): Uint8Array {
  return readFileSync(new URL('../gen/descriptors.binpb', import.meta.url))
}
