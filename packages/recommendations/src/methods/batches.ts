/** Groups of what has arrived by the time that somebody asks, each of at most `size`: under load they grow by themselves. */
export async function* groupsOf<Item>(source: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  const items = source[Symbol.asyncIterator]()
  try {
    for (let next = await items.next(); !next.done; ) {
      const group = [next.value]
      let pending = items.next()
      while (group.length < size) {
        const arrived = await Promise.race([pending, idle()])
        if (!arrived || arrived.done) break
        group.push(arrived.value)
        pending = items.next()
      }
      yield group
      next = await pending
    }
  } finally {
    await items.return?.()
  }
}

/** Resolves once everything that is already on its way has had its turn. */
function idle(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(resolve, undefined))
}
