import type { Writable } from 'node:stream'

/**
 * Writes the messages no faster than the stream takes them, and stops once `over` aborts. `beforeFirst` runs when the
 * first one is there.
 */
export async function writeAll(
  messages: AsyncIterable<unknown>,
  stream: Writable,
  over: AbortSignal,
  beforeFirst?: () => void,
): Promise<void> {
  let isFirst = true
  for await (const message of messages) {
    if (over.aborted) return
    if (isFirst) beforeFirst?.()
    isFirst = false
    if (!stream.write(message)) await drained(stream, over)
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
