const scratch = Buffer.allocUnsafeSlow(1024 * 1024)
// No UTF-16 unit takes more than three bytes.
const longest = scratch.length / 3

/**
 * A text as bytes over which the next one is written, for what reads them here and now. Memory of its own for every page
 * that is thrown away once it is compressed costs as much as to render it.
 */
export function encodeForNow(text: string): Buffer {
  return text.length > longest ? Buffer.from(text) : scratch.subarray(0, scratch.write(text))
}
