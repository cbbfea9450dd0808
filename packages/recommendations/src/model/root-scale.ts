/** The largest byte. */
const top = 255

/** The scale on which `largest` is the byte 255. Bytes grow with the square root, so that small values keep their precision. */
export function rootScaleOf(largest: number): number {
  return largest > 0 ? largest / top ** 2 : 1
}

/** The byte nearest to a value of at least 0. */
export function toRootByte(value: number, scale: number): number {
  return Math.min(top, Math.round(Math.sqrt(value / scale)))
}

/** The value of each byte. */
export function rootScaleValues(scale: number): Float64Array {
  return Float64Array.from({ length: top + 1 }, (_, byte) => byte ** 2 * scale)
}
