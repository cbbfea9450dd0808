const kilobyte = 1024
const megabyte = 1024 * kilobyte

/** What one snippet may use, besides the time that the settings give it. */
export const bounds = {
  sourceBytes: 64 * kilobyte,
  outputBytes: 64 * kilobyte,
  errorCharacters: 4 * kilobyte,
  /** How much later than its time its thread is ended. */
  graceMs: 250,
  /**
   * The whole memory of an engine, which cannot grow: 16 MB for the snippet, the rest for the engine's data and stack. Its
   * own limit (`setMemoryLimit`) bounds single allocations only: this build of QuickJS does not count their sizes
   * (https://github.com/justjake/quickjs-emscripten/issues/255).
   */
  memoryBytes: 21.25 * megabyte,
  /** The engine's stack: some 3,000 calls deep. */
  stackBytes: 512 * kilobyte,
  /** The thread's own stack, of which the engine's calls take some times as much. */
  threadStackMegabytes: 8,
  /** What a thread may allocate besides the engine's memory. */
  threadHeapMegabytes: 64,
}

/** What the answer says of a snippet that did not come to its own end. */
export const endings = {
  tooLong: 'Ended: it took too long',
  tooMuchOutput: 'Ended: it printed more than 64 KB',
  outOfMemory: 'InternalError: out of memory',
  stackOverflow: 'InternalError: stack overflow',
  unsettled: 'Ended: it awaits a promise that nothing settles',
  untellable: 'Uncaught, and nothing can be told of it',
  brokenDown: 'Ended: the sandbox broke down',
}
