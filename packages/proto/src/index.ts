import { readFileSync } from 'node:fs'

export * from './gen/article.ts'
export * from './gen/echo.ts'
export * from './gen/exec.ts'
export * from './gen/inventory.ts'
export * from './gen/recommendations.ts'
export * from './gen/route_guide.ts'

/** What the contracts say of themselves: a FileDescriptorSet with its imports, for reflection, retries and redaction. */
export function loadDescriptors(): Uint8Array {
  return readFileSync(new URL('./gen/descriptors.binpb', import.meta.url))
}
