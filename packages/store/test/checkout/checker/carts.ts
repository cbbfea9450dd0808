import type { CartChange } from '../history/history.ts'
import type { Invariant } from './invariant.ts'

/** What confirmed orders bought has left the cart, and what was added besides is still there. */
export const orderedLinesLeaveTheCart: Invariant = ({ history, tables }) => {
  const bought = new Map<string, number>()
  for (const { state, cartId, lines } of tables.orders) {
    if (state !== 'confirmed') continue
    for (const { bookId, copies } of lines) add(bought, `${cartId} ${bookId}`, copies)
  }
  const now = new Map(tables.cartLines.map(({ cartId, bookId, copies }) => [`${cartId} ${bookId}`, copies]))
  const changes = Map.groupBy(history.cartChanges, ({ cartId, bookId }) => `${cartId} ${bookId}`)

  const lines = new Set([...now.keys(), ...changes.keys()])
  return [...lines].flatMap((line) => {
    const [fewest, most] = putInto(changes.get(line) ?? [])
    const left = (copies: number) => Math.max(0, copies - (bought.get(line) ?? 0))
    const copies = now.get(line) ?? 0
    if (copies >= left(fewest) && copies <= left(most)) return []
    const expected = left(fewest) === left(most) ? `${left(most)}` : `${left(fewest)} to ${left(most)}`
    const [cartId, bookId] = line.split(' ')
    return [
      `cart ${cartId} has ${copies} copies of book ${bookId}, and not ${expected}: ${most} were added, and ${bought.get(line) ?? 0} bought`,
    ]
  })
}

/** How many copies were put into a line, at least and at most: the outcome of some changes is not known. */
function putInto(changes: readonly CartChange[]): [fewest: number, most: number] {
  let [fewest, most] = [0, 0]
  for (const { kind, copies, outcome } of changes.toSorted((a, b) => a.beganAt - b.beganAt)) {
    if (outcome === 'refused') continue
    const isDone = outcome === 'done'
    if (kind === 'add') {
      most += copies
      if (isDone) fewest += copies
    } else {
      most = isDone ? copies : Math.max(most, copies)
      fewest = isDone ? copies : Math.min(fewest, copies)
    }
  }
  return [fewest, most]
}

function add(sums: Map<string, number>, key: string, copies: number): void {
  sums.set(key, (sums.get(key) ?? 0) + copies)
}
