/** A source of chance that a seed repeats. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** An integer from `least` to `most`. */
  between(least: number, most: number): number
  /** One of the items. */
  of<Item>(items: readonly Item[]): Item
  /** One of the names, each as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name
  /** Random lower-case hexadecimal digits. */
  hex(digits: number): string
}

/** Creates a source of chance; each seed and name has another sequence. */
export function createRandom(seed: number, name = ''): Random {
  let state = Array.from(name).reduce((hash, letter) => Math.imul(hash ^ letter.codePointAt(0)!, 16_777_619), seed | 0)

  // Mulberry32, by Tommy Ettinger.
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))

  return {
    next,
    between,
    of: (items) => items[between(0, items.length - 1)]!,
    weighted(weights) {
      const entries = Object.entries(weights) as [keyof typeof weights, number][]
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      return (entries.find(([, weight]) => (left -= weight) < 0) ?? entries[0]!)[0]
    },
    hex: (digits) => Array.from({ length: digits }, () => between(0, 15).toString(16)).join(''),
  }
}
