import type { TextArea } from './lettering.ts'
import type { Palette } from './palettes.ts'
import type { Random } from './random.ts'

/** A cover's picture, drawn on 240 by 360 units of paper, and the places it leaves for text. */
export interface Layout {
  picture: string
  title: TextArea
  author: TextArea
  /** Whether the author stands on a strip of ink, to be written in the colour of the paper. */
  strip?: true
}

/** Lays out a cover in the colours of a palette. */
export type Composition = (palette: Palette, random: Random) => Layout
