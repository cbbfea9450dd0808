import { type BookCategory, bookCategoryToJSON, Category, categoryToJSON } from '@books/proto'

/** A shelf of the shop. */
export interface Shelf {
  /** Its name in the contracts, without a prefix. */
  key: ShelfKey
  /** Its name in URLs. */
  slug: string
  name: string
  /** A sentence about what is on it. */
  motto: string
}

type ShelfKey = Exclude<keyof typeof BookCategory, 'UNRECOGNIZED'>

const facts: Record<ShelfKey, [name: string, motto: string]> = {
  MYSTERY: ['Mystery', 'Somebody knows, and it is on page nine if you look.'],
  SCIENCE_FICTION: ['Science fiction', 'One thing is different, and everything follows from it.'],
  SELF_HELP: ['Self-help', 'Good advice, most of it older than it looks.'],
  FANTASY: ['Fantasy', 'Maps at the front, and a door at the back of the wardrobe.'],
  ROMANCE: ['Romance', 'You know how it ends. You read on to see whether they do.'],
  HISTORICAL_FICTION: ['Historical fiction', 'What the records leave out, by people who have read the records.'],
  HORROR: ['Horror', 'Best begun in daylight.'],
  CLASSICS: ['Classics', 'Books that everybody means to read, for those who do.'],
  CHILDRENS: ["Children's books", 'To be read aloud, again, and then once more.'],
  BIOGRAPHY: ['Biography', 'One life at a time, with the dull years left in or out.'],
  HISTORY: ['History', 'How it came about, and who had said it never would.'],
  SCIENCE: ['Science', 'What is known, and how anybody came to know it.'],
}

/** Every shelf, in the order of the contracts. */
export const shelves: readonly Shelf[] = Object.entries(facts).map(([key, [name, motto]]) => ({
  key: key as ShelfKey,
  slug: key.toLowerCase().replaceAll('_', '-'),
  name,
  motto,
}))

const byKey = new Map<string, Shelf>(shelves.map((shelf) => [shelf.key, shelf]))
const bySlug = new Map(shelves.map((shelf) => [shelf.slug, shelf]))

/** The shelf of a slug; undefined for an unknown slug. */
export function findShelf(slug: string): Shelf | undefined {
  return bySlug.get(slug)
}

/** The shelf of a recommended book; undefined for an unknown one. */
export function shelfOfBookCategory(category: BookCategory): Shelf | undefined {
  return byKey.get(bookCategoryToJSON(category))
}

/** The shelf of a book of the inventory; undefined for an unknown one. */
export function shelfOfCategory(category: Category): Shelf | undefined {
  return byKey.get(categoryToJSON(category).replace('CATEGORY_', ''))
}

/** The category of a shelf in the inventory. */
export function categoryOf({ key }: Shelf): Category {
  return Category[`CATEGORY_${key}`]
}
