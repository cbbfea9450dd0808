import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt'
import type { ServiceDefinition } from '../call/service.ts'
import { readDescriptors } from '../reflection/descriptors.ts'

/**
 * The paths of a service's methods with `idempotency_level = NO_SIDE_EFFECTS`, which are safe to retry. `descriptors` is a
 * FileDescriptorSet; a service that is not in it has none.
 */
export function readOnlyMethodsOf(definition: ServiceDefinition, descriptors: Uint8Array): string[] {
  const registry = readDescriptors(descriptors)

  return Object.values(definition).flatMap(({ path }) => {
    const [, service = '', name] = path.split('/')
    const method = registry.getService(service)?.methods.find((each) => each.name === name)
    return method?.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS ? [path] : []
  })
}
