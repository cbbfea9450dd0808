import { type Category, categories } from '@books/catalogue'
import type { Book } from '../books/book.ts'
import { createRandom } from '../random.ts'
import type { Interaction, Kind } from './interaction.ts'
import { simulatedPrefix } from './interaction-store.ts'

/** How many readers are simulated; their ids are 1 to this. */
export const demoReaderCount = 500

// The categories that readers of a category also read.
const relatedCategories: Record<Category, readonly Category[]> = {
  MYSTERY: ['HORROR', 'HISTORICAL_FICTION'],
  SCIENCE_FICTION: ['FANTASY', 'SCIENCE'],
  SELF_HELP: ['BIOGRAPHY', 'SCIENCE'],
  FANTASY: ['SCIENCE_FICTION', 'CHILDRENS'],
  ROMANCE: ['HISTORICAL_FICTION', 'CLASSICS'],
  HISTORICAL_FICTION: ['HISTORY', 'ROMANCE'],
  HORROR: ['MYSTERY', 'FANTASY'],
  CLASSICS: ['HISTORICAL_FICTION', 'ROMANCE'],
  CHILDRENS: ['FANTASY', 'CLASSICS'],
  BIOGRAPHY: ['HISTORY', 'SELF_HELP'],
  HISTORY: ['BIOGRAPHY', 'HISTORICAL_FICTION'],
  SCIENCE: ['HISTORY', 'SCIENCE_FICTION'],
}

const fewestBooks = 8
const mostBooks = 40
const homeShare = 0.65
const relatedShare = 0.27
const eraYears = 40
const authorLoyalty = 4
const firstDay = Date.UTC(2024, 0, 1)
const days = 730
const dayMs = 24 * 60 * 60 * 1000

/**
 * Makes the interactions of simulated readers, one reader after the other, the same for the same books and seed.
 *
 * A reader has one or two home categories and a favourite era. Two books in three are of a home category, about a quarter
 * of a related one, the rest of any. In a category a few books are far better known than the others (Zipf's law), books of
 * the reader's era are preferred, and so are those by an author whom the reader knows already. One book in ten of an
 * unrelated category is disliked.
 */
export function* simulateReaders(books: readonly Book[], seed = 1): Generator<Interaction> {
  const random = createRandom(seed)
  const booksByCategory = Map.groupBy(books, ({ category }) => category)
  const fame = new Map(categories.flatMap((category) => fameOf(shuffled(booksByCategory.get(category) ?? [], random))))

  for (let readerId = 1; readerId <= demoReaderCount; readerId++) yield* simulateReader(readerId)

  function simulateReader(readerId: number): Interaction[] {
    const homes = random() < 0.5 ? [anyOf(categories)] : [anyOf(categories), anyOf(categories)]
    const era = 1850 + random() * 170
    const read = new Map<number, Book>()
    const authors = new Set<string>()
    const count = fewestBooks + Math.floor(random() ** 2 * (mostBooks - fewestBooks + 1))
    const interactions: Interaction[] = []

    for (let attempt = 0; interactions.length < count && attempt < 4 * count; attempt++) {
      const category = drawCategory(anyOf(homes))
      const book = weighted(booksByCategory.get(category) ?? [], (each) => {
        const closeness = Math.exp(-(((each.year - era) / eraYears) ** 2)) + 0.2
        return (fame.get(each.id) ?? 0) * closeness * (authors.has(each.author) ? authorLoyalty : 1)
      })
      if (!book || read.has(book.id)) continue
      read.set(book.id, book)

      const isFar = !homes.some((home) => home === category || relatedCategories[home].includes(category))
      const isDisliked = isFar && random() < 0.1
      if (!isDisliked) authors.add(book.author)
      interactions.push({
        id: `${simulatedPrefix}${readerId}-${book.id}`,
        readerId,
        bookId: book.id,
        ...(isDisliked ? dislike : kindOf(random())),
        time: new Date(firstDay + Math.floor(random() * days) * dayMs),
      })
    }
    return interactions
  }

  function drawCategory(home: Category): Category {
    const step = random()
    if (step < homeShare) return home
    return step < homeShare + relatedShare ? anyOf(relatedCategories[home]) : anyOf(categories)
  }

  function anyOf<Item>(items: readonly Item[]): Item {
    return items[Math.floor(random() * items.length)] as Item
  }

  function weighted(items: readonly Book[], weightOf: (book: Book) => number): Book | undefined {
    const weights = items.map(weightOf)
    let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
    return items.find((_, index) => (left -= weights[index] ?? 0) < 0)
  }
}

const dislike: { kind: Kind; rating: number } = { kind: 'disliked', rating: 0 }

function kindOf(chance: number): { kind: Kind; rating: number } {
  if (chance < 0.5) return { kind: 'liked', rating: 0 }
  if (chance < 0.8) return { kind: 'bought', rating: 0 }
  return { kind: 'rated', rating: chance < 0.9 ? 4 : 5 }
}

function fameOf(books: readonly Book[]): [number, number][] {
  return books.map(({ id }, rank) => [id, 1 / (rank + 1) ** 0.7])
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ item }) => item)
}
