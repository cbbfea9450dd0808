/** Gives the items in batches of those that have arrived, each of at most `size`: under load the batches grow. */
export async function* batchesOf<Item>(source: AsyncIterable<Item>, size: number): AsyncGenerator<Item[], void> {
  const items = source[Symbol.asyncIterator]()
  const read = () => {
    const result = items.next()
    // It may reject while the reader works on a batch; the rejection is handled by the next read.
    result.catch(() => {})
    return result
  }

  try {
    for (let next = await read(); !next.done; ) {
      const batch = [next.value]
      let pending = read()
      while (batch.length < size) {
        const arrived = await Promise.race([pending, idle()])
        if (!arrived || arrived.done) break
        batch.push(arrived.value)
        pending = read()
      }
      yield batch
      next = await pending
    }
  } finally {
    // Not awaited: an idle source ends only after its next item, and the reader's failure must not wait for that.
    items.return?.().catch(() => {})
  }
}

/** Resolves after the events that are already queued. */
function idle(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(resolve, undefined))
}
