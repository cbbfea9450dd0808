import { createInteractions, type Interactions, itemsOf } from './interactions.ts'
import { createRandom } from './random.ts'

/** A part of the interactions to train on, and the rest. */
export interface HoldOut {
  readonly kept: Interactions
  readonly heldOut: Interactions
}

/** Holds out about `fraction` of every reader's items, the same ones for the same seed. */
export function holdOut(interactions: Interactions, { fraction, seed }: { fraction: number; seed: number }): HoldOut {
  const random = createRandom(seed)
  const kept: Int32Array[] = []
  const heldOut: Int32Array[] = []

  for (let reader = 0; reader < interactions.readerCount; reader++) {
    const items = itemsOf(interactions, reader)
    const isHeldOut = Uint8Array.from(items, () => (random() < fraction ? 1 : 0))
    kept.push(items.filter((_, at) => isHeldOut[at] === 0))
    heldOut.push(items.filter((_, at) => isHeldOut[at] === 1))
  }

  const { itemCount } = interactions
  return { kept: createInteractions(kept, itemCount), heldOut: createInteractions(heldOut, itemCount) }
}
