/** What one snippet may use. Its time is a setting, RUN_MS. */
export const limits = {
  sourceBytes: 64 * 1024,
  outputBytes: 64 * 1024,
  errorCharacters: 4 * 1024,
  /**
   * The whole memory of an engine, which cannot grow: 16 MB for the snippet, the rest for the engine's data and stack.
   * QuickJS's own limit does not count what a snippet allocates (https://github.com/justjake/quickjs-emscripten/issues/255).
   */
  memoryBytes: 21.25 * 1024 * 1024,
  /** The engine's stack: about 3,000 calls deep, each of which takes several times as much of the thread's stack. */
  stackBytes: 512 * 1024,
  /** A thread's own memory. Engines that are no longer used count until they are collected. */
  thread: { stackSizeMb: 8, maxOldGenerationSizeMb: 256 },
}

/** The errors of snippets that did not end by themselves. */
export const endings = {
  tooLong: 'Ended: it took too long',
  tooMuchOutput: 'Ended: it printed more than 64 KB',
  outOfMemory: 'InternalError: out of memory',
  stackOverflow: 'InternalError: stack overflow',
  unsettled: 'Ended: it awaits a promise that nothing settles',
  unreadable: 'Uncaught error that cannot be shown',
}
