import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { TimestampSchema } from '@bufbuild/protobuf/wkt'
import { describe, expect, it } from '@jest/globals'
import { Interaction } from './index.ts'
import { Timestamp } from './timestamp.ts'

describe('the codec of Timestamp', () => {
  it.each([
    '0001-01-01T00:00:00.000Z',
    '1969-12-31T23:59:59.250Z',
    '1970-01-01T00:00:00.000Z',
    '2026-11-28T12:00:00.999Z',
    '9999-12-31T23:59:59.999Z',
  ])('writes and reads %s as others do', (text) => {
    const bytes = Interaction.encode(Interaction.fromPartial({ time: new Date(text) })).finish()
    const { seconds, nanos } = fromBinary(TimestampSchema, bytes.subarray(2))

    expect(new Date(Number(seconds) * 1000 + nanos / 1e6).toISOString()).toBe(text)
    expect(nanos).toBeGreaterThanOrEqual(0)
    expect(Interaction.decode(bytes).time?.toISOString()).toBe(text)
  })

  it.each([
    [-62_135_596_801n, 0],
    [253_402_300_800n, 0],
    [2n ** 62n, 0],
    [2n ** 63n - 1n, 2 ** 31 - 1],
    [-(2n ** 63n), 0],
    [0n, -1],
    [0n, 1_000_000_000],
  ])('reads %d seconds and %d nanoseconds as no time, and the rest of the message', (seconds, nanos) => {
    const timestamp = toBinary(TimestampSchema, create(TimestampSchema, { seconds, nanos }))
    const bytes = Buffer.concat([Buffer.of(50, timestamp.length), timestamp, Buffer.of(8 + 8, 7)])

    const { time, userId } = Interaction.decode(bytes)

    expect([time?.getTime(), userId]).toEqual([Number.NaN, 7])
  })

  it('skips unknown fields, and rejects what is cut off', () => {
    expect(Timestamp.decode(Buffer.of(8, 5, 26, 1, 0))).toEqual({ seconds: 5, nanos: 0 })
    expect(() => Timestamp.decode(Buffer.of(8))).toThrow('premature EOF')
  })
})
