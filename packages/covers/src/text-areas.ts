import type { TextArea } from './lettering.ts'
import { box } from './shapes.ts'

type Align = TextArea['align']

const margin = 22
const width = 196

/** A title hanging from `y`. */
export function titleFrom(y: number, height: number, align: Align, largest = 52): TextArea {
  return { x: margin, y, width, height, largest, align, rise: 'top' }
}

/** A title in the middle of a height. */
export function titleWithin(y: number, height: number, align: Align, largest = 52): TextArea {
  return { ...titleFrom(y, height, align, largest), rise: 'middle' }
}

/** An author's name in one or two lines at the head of the cover. */
export function authorAtHead(align: Align): TextArea {
  return { x: margin, y: 20, width, height: 22, largest: 13, align, rise: 'top' }
}

/** An author's name at the foot of the cover, on paper or on a strip. */
export function authorAtFoot(align: Align): TextArea {
  return { x: margin, y: stripTop + 9, width, height: 22, largest: 13, align, rise: 'middle' }
}

/** Where the strip at the foot of the cover begins. */
export const stripTop = 320

/** Draws the strip at the foot of the cover. */
export function footStrip(ink: string): string {
  return box(0, stripTop, 240, 40, ink)
}
