import { setFlagsFromString } from 'node:v8'

// With less memory V8 would be killed: it needs 600 MB for half a second to optimize the largest function of PostgreSQL.
const enoughBytes = 2 * 1024 ** 3

/**
 * Lets V8 optimize functions of WebAssembly only once they have run for long, so that a start of the embedded database needs neither
 * the memory nor the time for that; and never where a container limits the process to less than 2 GB, where statements then take up
 * to twice the time. Call it before opening the database.
 */
export function limitWasmMemory(limitBytes = process.constrainedMemory()): void {
  // In bytes of code that a function has run; the default is 13 million.
  setFlagsFromString('--wasm-tiering-budget=2000000000')
  // 0 means no limit.
  if (limitBytes === 0 || limitBytes >= enoughBytes) return
  // Either flag alone still optimizes hot functions.
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
}
