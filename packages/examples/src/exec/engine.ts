import { readFile } from 'node:fs/promises'
import releaseVariant from '@jitl/quickjs-wasmfile-release-sync'
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSSyncVariant } from 'quickjs-emscripten-core'
import { limits } from './limits.ts'

// The package types its CommonJS form, in which the variant is one level deeper.
const variant = releaseVariant as unknown as QuickJSSyncVariant
const wasmUrl = import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')
const wasmModule = await WebAssembly.compile(await readFile(new URL(wasmUrl)))
const pageBytes = 64 * 1024

/** Creates a QuickJS that shares nothing with any other, in a millisecond or two. */
export async function createEngine() {
  const pages = limits.memoryBytes / pageBytes
  const wasmMemory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  // Without these two, a failing engine writes to the server's stdout and stderr.
  const emscriptenModule = { wasmMemory, print() {}, printErr() {} }

  return {
    quickJs: await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule, emscriptenModule })),
    /** Whether the memory has ever been used to its end. New memory is all zeros, and its last pages are used last. */
    wasExhausted: () => new Uint8Array(wasmMemory.buffer, limits.memoryBytes - 4 * pageBytes).some(Boolean),
  }
}

/** QuickJS with a memory of its own. */
export type Engine = Awaited<ReturnType<typeof createEngine>>
