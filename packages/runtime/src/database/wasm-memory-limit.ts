import { setFlagsFromString } from 'node:v8'

// Below this V8 would be killed for it: one function of PostgreSQL, the biggest, takes it 600 MB for half a second.
const roomyBytes = 2 * 1024 ** 3

/**
 * Keeps V8 from optimising WebAssembly where a container gives the process less than 2 GB: the embedded database then
 * needs half of the memory at its peak, and up to twice the time for a statement. To be called before it is opened.
 */
export function limitWasmMemory(limitBytes = process.constrainedMemory()): void {
  // 0 where there is no limit.
  if (limitBytes === 0 || limitBytes >= roomyBytes) return
  // Each alone still has it optimise what runs often.
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
}
