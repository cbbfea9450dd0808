/** Picks up to `count` items, each at most once. `random` returns a number in [0, 1). */
export function pickRandom<Item>(items: readonly Item[], count: number, random: () => number): Item[] {
  const shuffled = [...items]
  const picked = Math.min(count, shuffled.length)

  // The first steps of a Fisher-Yates shuffle: place by place, one of those that are left.
  for (let place = 0; place < picked; place++) {
    const other = place + Math.floor(random() * (shuffled.length - place))
    const item = shuffled[place] as Item
    shuffled[place] = shuffled[other] as Item
    shuffled[other] = item
  }

  return shuffled.slice(0, picked)
}
