import type { Writable } from 'node:stream'

/** Functions that are called while messages are written. */
export interface WriteHooks {
  /** Before the first message is written. */
  beforeFirst?(): void
  /** When the buffer of the stream is full. */
  onFull?(): void
  /** When the buffer has room again, or the call has ended. */
  onDrained?(): void
}

/** Writes the messages no faster than the stream accepts them, and stops once `ended` aborts. */
export async function writeAll(
  messages: AsyncIterable<unknown>,
  stream: Writable,
  ended: AbortSignal,
  { beforeFirst, onFull, onDrained }: WriteHooks = {},
): Promise<void> {
  let isFirst = true
  for await (const message of messages) {
    if (ended.aborted) return
    if (isFirst) beforeFirst?.()
    isFirst = false
    if (stream.write(message)) continue
    onFull?.()
    await drained(stream, ended)
    onDrained?.()
  }
}

function drained(stream: Writable, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      stream.off('drain', settle)
      ended.removeEventListener('abort', settle)
      resolve()
    }
    stream.on('drain', settle)
    ended.addEventListener('abort', settle)
    if (ended.aborted) settle()
  })
}
