/** Gives the items in batches of those that have arrived, each of at most `size`: under load the batches grow. */
export async function* batchesOf<Item>(source: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  const items = source[Symbol.asyncIterator]()
  try {
    for (let next = await items.next(); !next.done; ) {
      const batch = [next.value]
      let pending = items.next()
      while (batch.length < size) {
        const arrived = await Promise.race([pending, idle()])
        if (!arrived || arrived.done) break
        batch.push(arrived.value)
        pending = items.next()
      }
      yield batch
      next = await pending
    }
  } finally {
    await items.return?.()
  }
}

/** Resolves after the events that are already queued. */
function idle(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(resolve, undefined))
}
