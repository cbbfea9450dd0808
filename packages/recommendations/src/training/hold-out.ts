import { createRandom } from '../random.ts'
import { createInteractions, type Interactions, itemsOf } from './interactions.ts'

/** A part of the interactions to train on, and the rest. */
export interface HoldOut {
  readonly kept: Interactions
  readonly heldOut: Interactions
}

/**
 * Holds out about `fraction` of every reader's items, the same ones for the same seed: the newest where their order is
 * known, as what readers do next is not always like what they did before, and others at random.
 */
export function holdOut(interactions: Interactions, { fraction, seed }: { fraction: number; seed: number }): HoldOut {
  const { readerCount, itemCount, isOrdered } = interactions
  const random = createRandom(seed)
  const kept: Int32Array[] = []
  const heldOut: Int32Array[] = []

  for (let reader = 0; reader < readerCount; reader++) {
    const items = itemsOf(interactions, reader)
    if (isOrdered[reader] === 1) {
      // Rounded by chance, so that readers of few books are held out from in proportion, too.
      const newest = Math.floor(fraction * items.length + random())
      kept.push(items.subarray(newest))
      heldOut.push(items.subarray(0, newest))
    } else {
      // In the order of the items, so that it does not depend on theirs.
      const sorted = items.toSorted()
      const isHeldOut = Uint8Array.from(sorted, () => (random() < fraction ? 1 : 0))
      kept.push(sorted.filter((_, at) => isHeldOut[at] === 0))
      heldOut.push(sorted.filter((_, at) => isHeldOut[at] === 1))
    }
  }

  return {
    kept: createInteractions(kept, itemCount, isOrdered),
    heldOut: createInteractions(heldOut, itemCount, isOrdered),
  }
}
