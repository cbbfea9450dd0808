import { type BookCategory, bookCategoryToJSON } from '@books/proto'

// What people call the shelves that the contract names.
const names: Partial<Record<string, string>> = {
  MYSTERY: 'Mystery',
  SCIENCE_FICTION: 'Science fiction',
  SELF_HELP: 'Self-help',
  FANTASY: 'Fantasy',
  ROMANCE: 'Romance',
  HISTORICAL_FICTION: 'Historical fiction',
  HORROR: 'Horror',
  CLASSICS: 'Classics',
  CHILDRENS: "Children's books",
  BIOGRAPHY: 'Biography',
  HISTORY: 'History',
  SCIENCE: 'Science',
} satisfies Record<Exclude<keyof typeof BookCategory, 'UNRECOGNIZED'>, string>

/** A shelf's name for people; a shelf that this shop does not know yet is plainly a book's. */
export function categoryNameOf(category: BookCategory): string {
  return names[bookCategoryToJSON(category)] ?? 'Books'
}
