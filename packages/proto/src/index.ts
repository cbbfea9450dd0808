import { readFileSync } from 'node:fs'

export * from './gen/index.ts'

let descriptors: Uint8Array | undefined

/** What the contracts say of themselves: a FileDescriptorSet with its imports, for reflection, retries and redaction. */
export function loadDescriptors(): Uint8Array {
  descriptors ??= readFileSync(new URL('./gen/descriptors.binpb', import.meta.url))
  return descriptors
}
