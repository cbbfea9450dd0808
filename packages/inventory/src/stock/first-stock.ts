/** How many copies a book of the catalogue has at first: mostly 20 to 60, of a few books one or two, and of some none. */
export function firstStockOf(id: number): number {
  if (id % 29 === 0) return 0
  if (id % 23 === 0) return 1 + (id % 2)
  return 20 + ((id * 17) % 41)
}
