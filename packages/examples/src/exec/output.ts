import { limits } from './limits.ts'

/** Opens the output of a snippet in shared memory, where it is still readable after its thread was terminated. */
export function openOutput(memory = new SharedArrayBuffer(4 + limits.outputBytes)) {
  const length = new Int32Array(memory, 0, 1)
  const bytes = Buffer.from(memory, 4)
  let isFull = false

  return {
    memory,
    /** Adds the text, as far as there is room for it. */
    write(text: string): void {
      const start = Atomics.load(length, 0)
      // Writes whole characters only, and half of a surrogate pair as U+FFFD: the output is always well-formed.
      const written = bytes.write(text, start)
      Atomics.store(length, 0, start + written)
      isFull ||= written < Buffer.byteLength(text)
    },
    /** Whether some of what was written here was cut. */
    isFull: (): boolean => isFull,
    read: (): string => bytes.toString('utf8', 0, Atomics.load(length, 0)),
  }
}

/** What a snippet has printed. */
export type Output = ReturnType<typeof openOutput>
