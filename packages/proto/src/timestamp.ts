import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** A time in seconds since 1970 and in nanoseconds that count forward from there. */
export interface Timestamp {
  seconds: number
  nanos: number
}

const nanosInSecond = 1_000_000_000
// From the year 1 to 9999.
const [firstSecond, lastSecond] = [-62_135_596_800, 253_402_300_799]
// The stubs make an invalid Date of it.
const invalid: Timestamp = { seconds: Number.POSITIVE_INFINITY, nanos: 0 }

/**
 * The codec of google.protobuf.Timestamp for the stubs. What is out of its range is read as an invalid Date, which a service can
 * refuse; the codec of ts-proto reads some of it as another time, and fails for the whole message where a number is above 2^53.
 */
export const Timestamp = {
  encode({ seconds, nanos }: Timestamp, writer = new BinaryWriter()): BinaryWriter {
    // The stubs count milliseconds before 1970 backward.
    const isBackward = nanos < 0
    writer.uint32(8).int64(isBackward ? seconds - 1 : seconds)
    return writer.uint32(16).int32(isBackward ? nanos + nanosInSecond : nanos)
  },

  decode(input: BinaryReader | Uint8Array, length?: number): Timestamp {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input)
    const end = length === undefined ? reader.len : reader.pos + length
    let [seconds, nanos] = [0, 0]
    while (reader.pos < end) {
      const [field, type] = reader.tag()
      if (field === 1 && type === WireType.Varint) seconds = Number(reader.int64())
      else if (field === 2 && type === WireType.Varint) nanos = reader.int32()
      else reader.skip(type, field)
    }
    const isInRange = seconds >= firstSecond && seconds <= lastSecond && nanos >= 0 && nanos < nanosInSecond
    return isInRange ? { seconds, nanos } : invalid
  },

  fromJSON: ({ seconds, nanos }: Timestamp): Timestamp => ({ seconds, nanos }),
}
