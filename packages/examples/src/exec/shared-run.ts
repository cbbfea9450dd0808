import { bounds } from './bounds.ts'

/** What two threads share of a run: what it has printed, which is there even where its thread had to be ended. */
export interface SharedRun {
  readonly memory: SharedArrayBuffer
  /** Adds to what is printed. What does not fit any more is cut. */
  print(text: string): void
  /** Whether something was cut. */
  isFull(): boolean
  readPrinted(): string
  /** Asks the run to end. */
  stop(): void
  isStopped(): boolean
  /** Makes room for the next run. */
  clear(): void
}

const [printedBytes, full, stopped] = [0, 1, 2]
const stateBytes = 3 * Int32Array.BYTES_PER_ELEMENT

/** Opens what a run shares, on either side of it. */
export function openSharedRun(
  memory: SharedArrayBuffer = new SharedArrayBuffer(stateBytes + bounds.outputBytes),
): SharedRun {
  const state = new Int32Array(memory, 0, 3)
  const output = Buffer.from(memory, stateBytes)

  return {
    memory,
    print(text) {
      const start = Atomics.load(state, printedBytes)
      // Writes whole characters only, and half a surrogate pair as U+FFFD: what is read is always well-formed.
      const written = output.write(text, start)
      Atomics.store(state, printedBytes, start + written)
      if (written < Buffer.byteLength(text)) Atomics.store(state, full, 1)
    },
    isFull: () => Atomics.load(state, full) === 1,
    readPrinted: () => output.toString('utf8', 0, Atomics.load(state, printedBytes)),
    stop: () => void Atomics.store(state, stopped, 1),
    isStopped: () => Atomics.load(state, stopped) === 1,
    clear: () => void state.fill(0),
  }
}
