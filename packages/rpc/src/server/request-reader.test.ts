import { BinaryWriter } from '@bufbuild/protobuf/wire'
import { describe, expect, it } from '@jest/globals'
import { serve, streamOf } from '../../testing/index.ts'
import { Status } from '../call/rpc-error.ts'
import { service } from '../call/service.ts'
import { Duration } from '../gen/google/protobuf/duration.ts'
import { HealthCheckRequest } from '../gen/grpc/health/v1/health.ts'

// Its clients send the bytes that they are given; its server has decoders of ts-proto, and responds with what it read.
const ReadersService = {
  name: methodOf('Name', (bytes) => ({ value: HealthCheckRequest.decode(bytes).service }), false),
  seconds: methodOf('Seconds', (bytes) => ({ value: Duration.decode(bytes).seconds }), false),
  // As ts-proto makes a Date of a Timestamp, whose fields have the same numbers.
  time: methodOf('Time', (bytes) => ({ value: new Date(Duration.decode(bytes).seconds * 1_000) }), false),
  names: methodOf('Names', (bytes) => ({ value: HealthCheckRequest.decode(bytes).service }), true),
}
const readers = service(ReadersService, {
  name: async ({ value }) => ({ text: String(value) }),
  seconds: async ({ value }) => ({ text: String(value) }),
  time: async ({ value }) => ({ text: String((value as Date).getTime()) }),
  async names(requests) {
    const values = await Array.fromAsync(requests as AsyncIterable<{ value: string }>, ({ value }) => value)
    return { text: values.join() }
  },
})

describe('a string of a request', () => {
  it.each(['', 'Ada', 'Gödel, Escher, Bach 📚', '\ufeffa mark of the byte order is text', 'ü'.repeat(1_000)])(
    'is read as it was sent: %s',
    async (name) => {
      await using server = await serve([readers])

      expect(await server.client(ReadersService).name({ bytes: textField(Buffer.from(name)) })).toEqual({ text: name })
    },
  )

  it.each([
    ['a byte that begins nothing', [0xff]],
    ['the half of a letter', [0x41, 0xc3]],
    ['a letter that is longer than it needs', [0xc0, 0xaf]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a letter beyond the last', [0xf4, 0x90, 0x80, 0x80]],
  ])('that is not UTF-8 fails the call with INVALID_ARGUMENT: %s', async (_what, bytes) => {
    await using server = await serve([readers])
    const client = server.client(ReadersService)
    const invalid = { code: Status.INVALID_ARGUMENT, message: 'a string of the request is not UTF-8' }
    const [good, bad] = [Buffer.from('good'), Buffer.from(bytes)].map((text) => ({ bytes: textField(text) }))

    await expect(client.name({ ...bad })).rejects.toMatchObject(invalid)
    await expect(client.names(streamOf({ ...good }, { ...bad }))).rejects.toMatchObject(invalid)
  })
})

describe('an int64 of a request', () => {
  it.each([0n, -1n, 2n ** 53n - 1n, -(2n ** 53n) + 1n])('is read as it was sent: %s', async (seconds) => {
    await using server = await serve([readers])

    const response = await server.client(ReadersService).seconds({ bytes: secondsField(seconds) })

    expect(response).toEqual({ text: String(seconds) })
  })

  it.each([2n ** 53n, -(2n ** 53n), 2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n)])(
    'that a number cannot represent fails the call with INVALID_ARGUMENT, but as a time it is an invalid Date: %s',
    async (seconds) => {
      await using server = await serve([readers])
      const client = server.client(ReadersService)

      await expect(client.seconds({ bytes: secondsField(seconds) })).rejects.toMatchObject({
        code: Status.INVALID_ARGUMENT,
        message: 'an integer of the request is beyond 2^53',
      })
      expect(await client.time({ bytes: secondsField(seconds) })).toEqual({ text: 'NaN' })
    },
  )
})

describe('a request that is no message', () => {
  it.each([
    ['ends within a field', Buffer.from([0x0a, 0x05, 0x41])],
    ['has a field number of 0', Buffer.from([0x03])],
  ])('fails the call with INTERNAL, as gRPC specifies: it %s', async (_what, bytes) => {
    await using server = await serve([readers])

    await expect(server.client(ReadersService).name({ bytes })).rejects.toMatchObject({ code: Status.INTERNAL })
  })
})

function textField(text: Buffer): Buffer {
  return Buffer.from(new BinaryWriter().uint32(10).bytes(text).finish())
}

function secondsField(seconds: bigint): Buffer {
  return Buffer.from(new BinaryWriter().uint32(8).int64(seconds).finish())
}

function methodOf<Streams extends boolean>(
  name: string,
  requestDeserialize: (bytes: Buffer) => { value: unknown; bytes?: Buffer },
  requestStream: Streams,
) {
  return {
    path: `/test.Readers/${name}`,
    requestStream,
    responseStream: false as const,
    requestSerialize: ({ bytes = Buffer.alloc(0) }: { bytes?: Buffer }) => bytes,
    requestDeserialize,
    responseSerialize: (response: { text: string }) => Buffer.from(JSON.stringify(response)),
    responseDeserialize: (bytes: Buffer): { text: string } => JSON.parse(bytes.toString()),
  }
}
