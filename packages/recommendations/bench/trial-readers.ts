import { categories } from '@books/catalogue'
import type { Book } from '../src/books/book.ts'
import { createRandom } from '../src/random.ts'
import type { Interaction } from '../src/readers/interaction.ts'
import { drawNormal } from './synthetic-readers.ts'

/** Made-up readers, with what they did and what they enjoyed afterwards. */
export interface TrialReaders {
  readonly books: readonly Book[]
  /** What they did before the end of the trial's first part. */
  readonly interactions: readonly Interaction[]
  /** Books that each reader chose and enjoyed in the second part, and had not chosen before, by reader. */
  readonly enjoyed: ReadonlyMap<number, ReadonlySet<number>>
}

/** The size of the trial. */
export interface TrialSize {
  readonly readers: number
  readonly books: number
  readonly seed: number
}

const tasteLength = 8
/** A visit shows this many books, of which the reader opens one that suits them. */
const booksShown = 20
const fewestVisits = 3
const mostVisits = 120
/** The share of a reader's visits that is the first part. */
const firstPart = 0.8
/** The chance that a book is chosen that suits perfectly: readers have no time for most books that they would like. */
const mostChosen = 0.4
/** How far a taste moves with each visit. */
const drift = 0.12
const dayMs = 24 * 60 * 60 * 1000

/**
 * Makes up readers, the same for the same seed. Readers and books are vectors; a book suits a reader by their product. With
 * each visit the reader's vector moves a little. A visit shows books, well-known ones more often (Zipf's law); the reader
 * opens one, mostly one that suits, and likes or buys it with a chance that grows with how it suits. Whether they enjoy it
 * depends on the book's quality, too, which they learn by reading: some like or dislike it then, some rate it, some buy it and
 * half of these rate it. Some say of an opened book that does not suit that it is not for them.
 */
export function createTrialReaders({ readers, books: bookCount, seed }: TrialSize): TrialReaders {
  const random = createRandom(seed)
  const vector = (scale: number) => Float64Array.from({ length: tasteLength }, () => scale * drawNormal(random))
  const vectors = Array.from({ length: bookCount }, () => vector(1))
  const qualities = Array.from({ length: bookCount }, () => 0.8 * drawNormal(random))
  const interactions: Interaction[] = []
  const enjoyed = new Map<number, Set<number>>()

  for (let readerId = 1; readerId <= readers; readerId++) simulate(readerId)
  return { books: Array.from({ length: bookCount }, (_, index) => bookOf(index + 1)), interactions, enjoyed }

  function simulate(readerId: number) {
    const taste = vector(0.6)
    const visits = fewestVisits + Math.floor(random() ** 3 * (mostVisits - fewestVisits))
    const chosen = new Set<number>()

    for (let visit = 0; visit < visits; visit++) {
      for (let at = 0; at < tasteLength; at++) taste[at]! += drift * drawNormal(random)
      const index = open(taste)
      const [first, ...others] = actionsOf(product(taste, vectors[index]!), qualities[index]!)
      const bookId = index + 1
      const actions = chosen.has(bookId) ? [first] : [first, ...others]
      if (visit < firstPart * visits) {
        interactions.push(
          ...actions.map(({ kind, rating }, step) => ({
            id: `trial-${readerId}-${visit}-${step}`,
            ...{ readerId, bookId, kind, rating, time: new Date(visit * dayMs + step) },
          })),
        )
        if (others.length > 0) chosen.add(bookId)
      } else if (actions.some(({ isEnjoyed }) => isEnjoyed)) {
        enjoyed.set(readerId, (enjoyed.get(readerId) ?? new Set()).add(bookId))
      }
    }
  }

  /** What a reader does with an opened book. */
  function actionsOf(suits: number, quality: number): [Action, ...Action[]] {
    const view: Action = { kind: 'viewed', rating: 0, isEnjoyed: false }
    const isChosen = random() < mostChosen / (1 + Math.exp(1 - 2 * suits))
    if (!isChosen) return suits < 0 && random() < 0.15 ? [view, { ...view, kind: 'disliked' }] : [view]

    const stars = Math.min(5, Math.max(1, Math.round(3.2 + suits + quality + 0.5 * drawNormal(random))))
    const isEnjoyed = stars >= 3
    const rating: Action = { kind: 'rated', rating: stars, isEnjoyed }
    const purchase: Action = { kind: 'bought', rating: 0, isEnjoyed }
    const way = random()
    if (way < 0.3) return [view, { kind: isEnjoyed ? 'liked' : 'disliked', rating: 0, isEnjoyed }]
    if (way < 0.5) return [view, rating]
    return way < 0.75 ? [view, purchase, rating] : [view, purchase]
  }

  /** The index of the opened book: one of those shown, by a softmax of how they suit. */
  function open(taste: Float64Array) {
    const shown = Array.from({ length: booksShown }, () => Math.floor(bookCount ** random()) - 1)
    const weights = shown.map((index) => Math.exp(product(taste, vectors[index]!)))
    let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
    return shown.find((_, at) => (left -= weights[at]!) < 0) ?? shown[0]!
  }
}

interface Action extends Pick<Interaction, 'kind' | 'rating'> {
  isEnjoyed: boolean
}

function product(one: Float64Array, other: Float64Array) {
  return one.reduce((sum, value, at) => sum + value * other[at]!, 0)
}

function bookOf(id: number): Book {
  const category = categories[id % categories.length]!
  return { id, title: `Book ${id}`, author: `Author ${Math.ceil(id / 4)}`, year: 2000, category }
}
