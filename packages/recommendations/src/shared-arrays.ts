/** Allocates 32-bit integers, all zero, in shared memory. */
export function sharedInts(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(length * 4))
}

/** Allocates 32-bit floats, all zero, in shared memory. */
export function sharedFloats(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(length * 4))
}

/** Allocates bytes, all zero, in shared memory. */
export function sharedBytes(length: number): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(new SharedArrayBuffer(length))
}

/** Allocates 64-bit floats, all zero, in shared memory. */
export function sharedDoubles(length: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(length * 8))
}

/** The same bytes in shared memory: a copy, unless they are there already. */
export function shareBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes
  const shared = sharedBytes(bytes.length)
  shared.set(bytes)
  return shared
}
