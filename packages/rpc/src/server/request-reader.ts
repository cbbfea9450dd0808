import { BinaryReader } from '@bufbuild/protobuf/wire'

/** A value of a request is none of its type, or one that this package cannot represent. The message says which. */
export class InvalidValueError extends Error {}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const { MAX_SAFE_INTEGER } = Number

/**
 * Reads a message for the decoders of ts-proto, which by themselves replace what is not UTF-8, so that two names become one, and
 * throw an error like that of malformed bytes at an integer that a number cannot represent.
 */
export class RequestReader extends BinaryReader {
  #isClamped = false

  constructor(bytes: Uint8Array) {
    super(bytes, decodeUtf8)
  }

  /**
   * The message that was read. An integer that a number cannot represent is an error, but not as the seconds of a Timestamp: that is
   * an invalid Date, as other times are that a Date cannot represent, and the handler says which of many it is.
   */
  check<Message>(message: Message): Message {
    if (this.#isClamped && hasClamped(message)) throw new InvalidValueError('an integer of the request is beyond 2^53')
    return message
  }

  override int64(): bigint | string {
    return this.#clamp(super.int64())
  }

  override uint64(): bigint | string {
    return this.#clamp(super.uint64())
  }

  override sint64(): bigint | string {
    return this.#clamp(super.sint64())
  }

  override fixed64(): bigint | string {
    return this.#clamp(super.fixed64())
  }

  override sfixed64(): bigint | string {
    return this.#clamp(super.sfixed64())
  }

  #clamp(value: bigint | string): bigint | string {
    const number = Number(value)
    if (Number.isSafeInteger(number)) return value
    this.#isClamped = true
    return BigInt(Math.sign(number) * MAX_SAFE_INTEGER)
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new InvalidValueError('a string of the request is not UTF-8')
  }
}

function hasClamped(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) >= MAX_SAFE_INTEGER
  const isMessage = typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
  return isMessage && Object.values(value).some(hasClamped)
}
