import { create, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema, MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt'
import type { MethodDefinition } from '@grpc/grpc-js'
import type { Handlers } from './service.ts'

/** A service with one method of each kind and messages in JSON, for the tests of this package. */
export const TourService = {
  greet: method<{ name: string }, { text: string }, false, false>('/test.Tour/Greet', false, false),
  count: method<{ to: number }, { number: number }, false, true>('/test.Tour/Count', false, true),
  sum: method<{ number: number }, { total: number }, true, false>('/test.Tour/Sum', true, false),
  chat: method<{ text: string }, { text: string }, true, true>('/test.Tour/Chat', true, true),
}

/** Handlers of the tour; a test replaces those that it is about. */
export function tour(replaced: Partial<Handlers<typeof TourService>> = {}): Handlers<typeof TourService> {
  return {
    async greet({ name }) {
      return { text: `Hello, ${name}` }
    },
    async *count({ to }) {
      for (let number = 1; number <= to; number++) yield { number }
    },
    async sum(numbers) {
      let total = 0
      for await (const { number } of numbers) total += number
      return { total }
    },
    async *chat(notes) {
      for await (const { text } of notes) yield { text: `You said: ${text}` }
    },
    ...replaced,
  }
}

/** Descriptors of the tour in which the named methods, and no others, have no side effects. */
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

interface TourMethod<Request, Response, In extends boolean, Out extends boolean>
  extends MethodDefinition<Request, Response> {
  requestStream: In
  responseStream: Out
}

function method<Request, Response, In extends boolean, Out extends boolean>(
  path: string,
  requestStream: In,
  responseStream: Out,
): TourMethod<Request, Response, In, Out> {
  return {
    path,
    requestStream,
    responseStream,
    requestSerialize: write,
    requestDeserialize: read,
    responseSerialize: write,
    responseDeserialize: read,
  }
}

function write(message: unknown): Buffer {
  return Buffer.from(JSON.stringify(message))
}

function read(bytes: Buffer) {
  return bytes.length === 0 ? {} : JSON.parse(bytes.toString())
}
