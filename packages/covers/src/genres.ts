import type { Composition } from './composition.ts'
import { balloon, candle, helix, letter, planet, portrait } from './emblems.ts'
import { boat, eye, keyhole, orbits, sprig } from './figures.ts'
import { genrePalettes, type Palette, plainPalettes } from './palettes.ts'
import { contours, folds, label, ripples, rules, tiles } from './patterns.ts'
import { birds, castle, columns, fields, skyline, stairs } from './places.ts'
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
    compositions: [keyhole, windows, doorway, lamp, eye, rules, ripples, label, stairs, skyline, candle, letter],
    pairings: [bookish, poster, elegant, plain],
  },
  SCIENCE_FICTION: {
    compositions: [orbits, tiles, ripples, sunrise, contours, planet, skyline],
    pairings: [round, poster, plain],
  },
  SELF_HELP: {
    compositions: [sunrise, rules, folds, ripples, contours, stairs, birds, balloon],
    pairings: [plain, bookish, round],
  },
  FANTASY: {
    compositions: [peaks, sprig, doorway, orbits, label, castle, candle, birds],
    pairings: [inscribed, lyrical, bookish],
  },
  ROMANCE: {
    compositions: [sprig, label, sea, contours, sunrise, letter, birds, fields],
    pairings: [lyrical, elegant, bookish],
  },
  HISTORICAL_FICTION: {
    compositions: [doorway, sea, peaks, label, folds, columns, fields, letter, candle],
    pairings: [inscribed, bookish, lyrical],
  },
  HORROR: {
    compositions: [eye, keyhole, windows, lamp, rules, peaks, stairs, candle, birds],
    pairings: [poster, elegant, bookish],
  },
  CLASSICS: {
    compositions: [label, rules, sprig, doorway, sea, columns, portrait, fields, letter],
    pairings: [inscribed, elegant, bookish],
  },
  CHILDRENS: {
    compositions: [boat, sunrise, tiles, label, peaks, balloon, castle, birds],
    pairings: [round, bookish, plain],
  },
  BIOGRAPHY: {
    compositions: [contours, rules, folds, ripples, tiles, portrait, letter, skyline],
    pairings: [bookish, plain, elegant],
  },
  HISTORY: {
    compositions: [doorway, rules, folds, contours, label, columns, portrait, fields],
    pairings: [inscribed, poster, bookish],
  },
  SCIENCE: {
    compositions: [orbits, tiles, contours, ripples, folds, helix, planet, birds],
    pairings: [plain, round, bookish],
  },
}

const plainLook: Look = { compositions: [rules, label, folds, ripples], pairings: [bookish, plain] }

/** Returns the style of a genre by its name in the contract, or a plain one for a name that is not known. */
export function genreOf(category: string): Genre {
  return { palettes: genrePalettes[category] ?? plainPalettes, ...(looks[category] ?? plainLook) }
}
