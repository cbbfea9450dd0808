/** The part of WebAssembly that is used here: Node's types do not have it. */
declare namespace WebAssembly {
  class Module {
    private readonly compiled: true
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number })
    readonly buffer: ArrayBuffer
  }
  function compile(bytes: Uint8Array): Promise<Module>
}
