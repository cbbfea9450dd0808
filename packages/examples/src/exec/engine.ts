import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import releaseVariant from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core'
import { bounds } from './bounds.ts'

// The package types its CommonJS form, in which the variant is one level deeper.
const variant = releaseVariant as unknown as QuickJSSyncVariant
const pageBytes = 64 * 1024

/** QuickJS, with a memory of its own. */
export interface Engine {
  quickJs: QuickJSWASMModule
  /** Whether the memory has ever been used to its end. */
  wasExhausted(): boolean
}

/** Compiles QuickJS, for any number of threads and engines. */
export async function compileEngine(): Promise<WebAssembly.Module> {
  const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')
  return WebAssembly.compile(await readFile(path))
}

/** Makes an engine that knows nothing of any other. It costs a millisecond or two. */
export async function createEngine(code: WebAssembly.Module): Promise<Engine> {
  const pages = bounds.memoryBytes / pageBytes
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  // What an engine says as it breaks down is not for the server's own output.
  const emscriptenModule = { wasmMemory: memory, print() {}, printErr() {} }

  return {
    quickJs: await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule: code, emscriptenModule })),
    // It was all zeros in the beginning, and the last pages are given out last.
    wasExhausted: () => new Uint8Array(memory.buffer, bounds.memoryBytes - 4 * pageBytes).some(Boolean),
  }
}
