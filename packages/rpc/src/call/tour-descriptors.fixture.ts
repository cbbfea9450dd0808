import { create, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema, MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt'

/** What a contract of the tour would say if the named methods, and no others, had no side effects. */
export function tourDescriptors(...readOnly: string[]): Uint8Array {
  const method = ['Greet', 'Count', 'Sum', 'Chat'].map((name) => ({
    name,
    inputType: '.test.Anything',
    outputType: '.test.Anything',
    options: readOnly.includes(name) ? { idempotencyLevel: MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS } : {},
  }))
  const file = {
    name: 'test/tour.proto',
    package: 'test',
    syntax: 'proto3',
    messageType: [{ name: 'Anything' }],
    service: [{ name: 'Tour', method }],
  }
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [file] }))
}
