import { genreOf } from './genres.ts'
import { drawByline, drawTitle } from './lettering.ts'
import { createRandom, pickOne } from './random.ts'
import { box } from './shapes.ts'

/** The text of a cover. `category` is the category's name in the contract, such as `MYSTERY`. */
export interface CoverText {
  title: string
  author: string
  category: string
}

/**
 * Draws a book's cover as an SVG, which is always the same for the same text. It is hidden from assistive technology, so show
 * the title beside it.
 */
export function drawCover({ title, author, category }: CoverText): string {
  const random = createRandom(`${title}\n${author}\n${category}`)
  const genre = genreOf(category)
  const palette = pickOne(random, genre.palettes)
  const pairing = pickOne(random, genre.pairings)
  const layout = pickOne(random, genre.compositions)(palette, random)

  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 360" aria-hidden="true" focusable="false">' +
    box(0, 0, 240, 360, palette.paper) +
    layout.picture +
    drawTitle(title, layout.title, pairing, palette.ink) +
    drawByline(author, layout.author, pairing, layout.strip ? palette.paper : palette.ink) +
    '</svg>'
  )
}
