import type { Composition } from './composition.ts'
import { boat, eye, keyhole, orbits, sprig } from './figures.ts'
import { genrePalettes, type Palette, plainPalettes } from './palettes.ts'
import { contours, folds, label, ripples, rules, tiles } from './patterns.ts'
import { doorway, lamp, peaks, sea, sunrise, windows } from './scenes.ts'
import { bookish, elegant, inscribed, lyrical, type Pairing, plain, poster, round } from './typefaces.ts'

/** What the covers of a genre choose from. */
export interface Genre {
  palettes: readonly [Palette, ...Palette[]]
  compositions: readonly [Composition, ...Composition[]]
  pairings: readonly [Pairing, ...Pairing[]]
}

type Look = Pick<Genre, 'compositions' | 'pairings'>

const looks: Readonly<Record<string, Look>> = {
  MYSTERY: {
    compositions: [keyhole, windows, doorway, lamp, eye, rules, ripples, label],
    pairings: [bookish, poster, elegant, plain],
  },
  SCIENCE_FICTION: { compositions: [orbits, tiles, ripples, sunrise, contours], pairings: [round, poster, plain] },
  SELF_HELP: { compositions: [sunrise, rules, folds, ripples, contours], pairings: [plain, bookish, round] },
  FANTASY: { compositions: [peaks, sprig, doorway, orbits, label], pairings: [inscribed, lyrical, bookish] },
  ROMANCE: { compositions: [sprig, label, sea, contours, sunrise], pairings: [lyrical, elegant, bookish] },
  HISTORICAL_FICTION: { compositions: [doorway, sea, peaks, label, folds], pairings: [inscribed, bookish, lyrical] },
  HORROR: { compositions: [eye, keyhole, windows, lamp, rules, peaks], pairings: [poster, elegant, bookish] },
  CLASSICS: { compositions: [label, rules, sprig, doorway, sea], pairings: [inscribed, elegant, bookish] },
  CHILDRENS: { compositions: [boat, sunrise, tiles, label, peaks], pairings: [round, bookish, plain] },
  BIOGRAPHY: { compositions: [contours, rules, folds, ripples, tiles], pairings: [bookish, plain, elegant] },
  HISTORY: { compositions: [doorway, rules, folds, contours, label], pairings: [inscribed, poster, bookish] },
  SCIENCE: { compositions: [orbits, tiles, contours, ripples, folds], pairings: [plain, round, bookish] },
}

const plainLook: Look = { compositions: [rules, label, folds, ripples], pairings: [bookish, plain] }

/** Returns the style of a genre by its name in the contract, or a plain one for a name that is not known. */
export function genreOf(category: string): Genre {
  return { palettes: genrePalettes[category] ?? plainPalettes, ...(looks[category] ?? plainLook) }
}
