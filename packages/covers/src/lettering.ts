import { type FittedText, fitText, heightOf } from './text-fit.ts'
import { widthOf } from './text-width.ts'
import type { Pairing, Typeface } from './typefaces.ts'
import { escapeXml } from './xml.ts'

/** Where text stands on a cover, and the largest size it may take. Nothing else is drawn there. */
export interface TextArea {
  x: number
  y: number
  width: number
  height: number
  largest: number
  align: 'start' | 'middle'
  rise: 'top' | 'middle' | 'bottom'
}

/** How lines are set. `leading` is the distance between baselines, in ems. */
interface Setting {
  face: Typeface
  leading: number
  colour: string
}

const titleLeading = 1.06
const bylineLeading = 1.25
const subtitleGap = 9
// Of a title with a subtitle, the part of the area that the title proper may take.
const titleShare = 0.66
// From the top of a line to its baseline, in ems.
const ascent = 0.78

/** Draws a title. What follows a colon becomes a smaller subtitle. */
export function drawTitle(text: string, area: TextArea, { title, byline }: Pairing, colour: string): string {
  const [main, subtitle] = splitTitle(text)
  const setting = { face: title, leading: titleLeading, colour }
  if (subtitle === '') return drawText(main, area, setting)

  const mainText = fit(main, { ...area, height: area.height * titleShare - subtitleGap }, setting)
  const mainHeight = heightOf(mainText, titleLeading) + subtitleGap

  const subtitleSetting = { face: byline, leading: bylineLeading, colour }
  const largest = Math.round(Math.max(10, Math.min(16, mainText.size * 0.6)))
  const subtitleText = fit(subtitle, { ...area, height: area.height - mainHeight, largest }, subtitleSetting)

  const top = topOf(area, mainHeight + heightOf(subtitleText, bylineLeading))
  return drawLines(mainText, top, area, setting) + drawLines(subtitleText, top + mainHeight, area, subtitleSetting)
}

/** Draws an author's name. */
export function drawByline(text: string, area: TextArea, { byline }: Pairing, colour: string): string {
  return drawText(text, area, { face: byline, leading: bylineLeading, colour })
}

function drawText(text: string, area: TextArea, setting: Setting): string {
  const fitted = fit(text, area, setting)
  return drawLines(fitted, topOf(area, heightOf(fitted, setting.leading)), area, setting)
}

function splitTitle(text: string): [string, string] {
  const [, main, subtitle] = /^(.*?\S): +(\S.*)$/s.exec(text) ?? []
  return main === undefined || subtitle === undefined ? [text, ''] : [main, subtitle]
}

function fit(text: string, { width, height, largest }: TextArea, { face, leading }: Setting): FittedText {
  const cased = face.capitals ? text.toUpperCase() : text
  return fitText(cased, { width, height, largest, leading, widthOf: (part) => widthOf(part, face) })
}

function topOf({ y, height, rise }: TextArea, used: number): number {
  const spare = { top: 0, middle: (height - used) / 2, bottom: height - used }
  return y + spare[rise]
}

function drawLines({ size, lines }: FittedText, top: number, { x, width, align }: TextArea, setting: Setting): string {
  const { face, leading, colour } = setting
  const anchor = align === 'middle' ? x + width / 2 : x
  const spacing = face.tracking === undefined ? '' : ` letter-spacing="${face.tracking}em"`
  const slant = face.italic ? ' font-style="italic"' : ''

  // `textLength` makes the estimated width the true one, whichever font the device has.
  const drawn = lines.map((line, index) => {
    const baseline = rounded(top + size * (ascent + index * leading))
    const length = rounded(size * widthOf(line, face))
    return `<text x="${anchor}" y="${baseline}" textLength="${length}" lengthAdjust="spacingAndGlyphs">${escapeXml(line)}</text>`
  })
  const font = `font-family="${face.family}" font-size="${size}" font-weight="${face.weight}"${slant}${spacing}`
  return `<g ${font} fill="${colour}" text-anchor="${align}">${drawn.join('')}</g>`
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
