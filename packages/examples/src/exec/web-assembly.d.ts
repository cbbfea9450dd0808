/** The little of WebAssembly that is used here: the types of Node leave it to those of browsers. */
declare namespace WebAssembly {
  class Module {
    private readonly compiled: true
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number })
    readonly buffer: ArrayBuffer
    /** By so many pages of 64 KB. */
    grow(pages: number): number
  }
  function compile(bytes: Uint8Array): Promise<Module>
}
