import { createRandom } from '../src/random.ts'

/** The size of a synthetic data set. */
export interface SyntheticSize {
  readonly readers: number
  readonly items: number
  /** An approximate number; the lists are drawn at random. */
  readonly interactions: number
  readonly seed: number
}

/** Items are distributed over this many genres; a reader draws from one to three of them. */
const genreCount = 60
const maxReaderGenres = 3
/**
 * The standard deviation of the lengths' logarithm. It decides what a count of co-occurrences costs: with this value an
 * interaction shares its reader with about 180 others. In Book-Crossing's 10-core it is 260.
 */
const lengthSpread = 1.33
const shortestList = 5
/** A tenth of the items is of any genre. */
const anyGenreShare = 0.1

/**
 * Makes synthetic readers: each has a few genres, reads from them by Zipf's law (the nth most read item of a genre has a share in
 * proportion to 1/n), and reads log-normally many items. The same for the same seed.
 */
export function createSyntheticReaders({ readers, items, interactions, seed }: SyntheticSize): Int32Array[] {
  const random = createRandom(seed)
  const genreSize = Math.max(1, Math.floor(items / genreCount))
  const meanLength = interactions / readers
  const scale = (meanLength - shortestList) / Math.exp(lengthSpread ** 2 / 2)

  function drawItem(genres: readonly number[]) {
    const genre = random() < anyGenreShare ? drawBelow(genreCount) : genres[drawBelow(genres.length)]!
    const rank = Math.floor(genreSize ** random()) - 1
    return rank * genreCount + genre
  }

  function drawBelow(end: number) {
    return Math.floor(random() * end)
  }

  return Array.from({ length: readers }, () => {
    const genres = Array.from({ length: 1 + drawBelow(maxReaderGenres) }, () => drawBelow(genreCount))
    const length = shortestList + Math.round(scale * Math.exp(lengthSpread * drawNormal(random)))
    const list = new Set<number>()
    for (let tries = 0; list.size < length && tries < 4 * length; tries++) list.add(drawItem(genres))
    return Int32Array.from(list)
  })
}

/** Draws from the standard normal distribution, by the transform of Box and Muller. */
export function drawNormal(random: () => number) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
