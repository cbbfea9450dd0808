/** Returns a number in [0, 1). */
export type Random = () => number

/** Creates a pseudorandom generator with a text as its seed. */
export function createRandom(text: string): Random {
  let state = hashOf(text)

  // mulberry32.
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Returns a whole number from `least` to `most`. */
export function pickNumber(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1))
}

/** Returns one of the items. */
export function pickOne<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[pickNumber(random, 0, items.length - 1)] ?? items[0]
}

/** FNV-1a over UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash
}
