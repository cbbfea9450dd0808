import type { Writable } from 'node:stream'

/** What is told while messages are written. */
export interface WriteHooks {
  /** The first message is there and not written yet. */
  beforeFirst?(): void
  /** The stream takes no more for now. */
  onFull?(): void
  /** The stream takes more again, or nobody waits for it any more. */
  onDrained?(): void
}

/** Writes the messages no faster than the stream takes them, and stops once `over` aborts. */
export async function writeAll(
  messages: AsyncIterable<unknown>,
  stream: Writable,
  over: AbortSignal,
  { beforeFirst, onFull, onDrained }: WriteHooks = {},
): Promise<void> {
  let isFirst = true
  for await (const message of messages) {
    if (over.aborted) return
    if (isFirst) beforeFirst?.()
    isFirst = false
    if (stream.write(message)) continue
    onFull?.()
    await drained(stream, over)
    onDrained?.()
  }
}

function drained(stream: Writable, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      stream.off('drain', settle)
      over.removeEventListener('abort', settle)
      resolve()
    }
    stream.on('drain', settle)
    over.addEventListener('abort', settle)
    if (over.aborted) settle()
  })
}
