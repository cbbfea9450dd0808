import { setFlagsFromString } from 'node:v8'

// With less memory V8 would be killed: it needs 600 MB for half a second to optimize the largest function of PostgreSQL.
const enoughBytes = 2 * 1024 ** 3

/**
 * Turns off V8's optimization of WebAssembly where a container limits the process to less than 2 GB. The embedded database
 * then has half the peak memory, and takes up to twice the time for a statement. Call it before opening the database.
 */
export function limitWasmMemory(limitBytes = process.constrainedMemory()): void {
  // 0 means no limit.
  if (limitBytes === 0 || limitBytes >= enoughBytes) return
  // Either flag alone still optimizes hot functions.
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
}
