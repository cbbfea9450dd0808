import type { Interactions } from './interactions.ts'
import { createInteractions, itemsOf } from './interactions.ts'
import { createRandom } from './random.ts'

/** A part of the interactions to learn from, and the rest to be asked for. */
export interface HoldOut {
  readonly kept: Interactions
  readonly heldOut: Interactions
}

/** Puts about `fraction` of every reader's items aside, the same ones for the same seed. */
export function holdOut(interactions: Interactions, { fraction, seed }: { fraction: number; seed: number }): HoldOut {
  const random = createRandom(seed)
  const kept: Int32Array[] = []
  const heldOut: Int32Array[] = []

  for (let reader = 0; reader < interactions.readerCount; reader++) {
    const items = itemsOf(interactions, reader)
    const asked = Uint8Array.from(items, () => (random() < fraction ? 1 : 0))
    kept.push(items.filter((_, at) => asked[at] === 0))
    heldOut.push(items.filter((_, at) => asked[at] === 1))
  }

  const { itemCount } = interactions
  return { kept: createInteractions(kept, itemCount), heldOut: createInteractions(heldOut, itemCount) }
}
