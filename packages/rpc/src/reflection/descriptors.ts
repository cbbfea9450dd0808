import { readFileSync } from 'node:fs'
import { createFileRegistry, type FileRegistry, fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'

// The clients and servers of a process have the same descriptors, which take 20 ms to read.
const known = new WeakMap<Uint8Array, FileRegistry>()

/** Descriptors by name. `bytes` is a FileDescriptorSet with its imports, as `buf build` writes it; they must not change. */
export function readDescriptors(bytes: Uint8Array): FileRegistry {
  const registry = known.get(bytes) ?? createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes))
  known.set(bytes, registry)
  return registry
}

/** The descriptors of this package's own contracts: a FileDescriptorSet with its imports. */
export function loadOwnDescriptors(): Uint8Array {
  return readFileSync(new URL('../gen/descriptors.binpb', import.meta.url))
}
