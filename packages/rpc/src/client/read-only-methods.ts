import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt'
import type { ServiceDefinition } from '../call/service.ts'
import { readDescriptors } from '../reflection/descriptors.ts'

/**
 * The paths of a service's methods whose contract says `idempotency_level = NO_SIDE_EFFECTS`: those that may be called
 * again without harm. `descriptors` is a FileDescriptorSet; a service that it does not know has none.
 */
export function readOnlyMethodsOf(definition: ServiceDefinition, descriptors: Uint8Array): string[] {
  const registry = readDescriptors(descriptors)

  return Object.values(definition).flatMap(({ path }) => {
    const [, service = '', name] = path.split('/')
    const method = registry.getService(service)?.methods.find((each) => each.name === name)
    return method?.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS ? [path] : []
  })
}
