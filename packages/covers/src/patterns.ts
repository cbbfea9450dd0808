import type { Composition } from './composition.ts'
import { pickNumber, pickOne } from './random.ts'
import { box, circle, line, repeat, shape } from './shapes.ts'
import { authorAtFoot, authorAtHead, footStrip, titleFrom } from './text-areas.ts'

/** Rings that spread from a lower corner. */
export const ripples: Composition = ({ paper, strong, soft, accent }, random) => {
  const corner = pickOne(random, [0, 240])
  const colours = [strong, paper, soft, strong, paper, accent]

  return {
    picture: repeat(6, (index) => circle(corner, 360, 192 - index * 31, colours[index] ?? accent)),
    title: titleFrom(48, 112, corner === 0 ? 'start' : 'middle'),
    author: authorAtHead(corner === 0 ? 'start' : 'middle'),
  }
}

/** A sheet of paper folded like a fan. */
export const folds: Composition = ({ ink, strong, soft, accent }, random) => {
  const bright = pickNumber(random, 0, 5)
  const rise = pickNumber(random, 12, 26)
  const panels = repeat(6, (index) => {
    const [left, right] = index % 2 === 0 ? [0, rise] : [rise, 0]
    const fill = index === bright ? accent : index % 2 === 0 ? strong : soft
    return shape(
      `M${index * 40} ${186 + left}L${index * 40 + 40} ${186 + right}V${330 - left}L${index * 40} ${330 - right}z`,
      fill,
    )
  })

  return {
    picture: panels + footStrip(ink),
    title: titleFrom(24, 140, 'start'),
    author: authorAtFoot('start'),
    strip: true,
  }
}

/** Lines that flow side by side, like the contours of a map. */
export const contours: Composition = ({ strong, accent }, random) => {
  const [first, second] = [pickNumber(random, -70, -20), pickNumber(random, 20, 70)]
  const bright = pickNumber(random, 2, 8)
  const lines = repeat(11, (index) => {
    const y = 194 + index * 10
    const calm = 1 - Math.abs(index - 5) / 7
    const [up, down] = [Math.round(first * calm), Math.round(second * calm)]
    return line(
      `M-4 ${y}C60 ${y + up} 90 ${y + up} 130 ${y}S200 ${y + down} 244 ${y}`,
      index === bright ? accent : strong,
      4,
    )
  })

  return { picture: lines, title: titleFrom(24, 136, 'start'), author: authorAtFoot('start') }
}

/** Quarter circles laid like tiles, each turned at random. */
export const tiles: Composition = ({ strong, soft, accent, ink }, random) => {
  const turns: [string, ...string[]] = [
    'v48h48a48 48 0 0 0-48-48',
    'h48v48a48 48 0 0 1-48-48',
    'v48a48 48 0 0 0 48-48z',
    'm48 48h-48a48 48 0 0 1 48-48z',
  ]
  const paths = new Map([strong, accent, soft].map((colour) => [colour, '']))
  for (let tile = 0; tile < 15; tile++) {
    const colour = pickOne(random, [strong, strong, soft, accent])
    const corner = `M${(tile % 5) * 48} ${176 + Math.floor(tile / 5) * 48}`
    paths.set(colour, paths.get(colour) + corner + pickOne(random, turns))
  }

  return {
    picture: [...paths].map(([colour, path]) => shape(path, colour)).join('') + footStrip(ink),
    title: titleFrom(24, 138, 'start'),
    author: authorAtFoot('start'),
    strip: true,
  }
}

/** Patterned paper with a label pasted on it. */
export const label: Composition = ({ paper, ink, strong, soft, accent }, random) => {
  const dots = repeat(15, (row) => `M${row % 2 === 0 ? 0 : 12} ${12 + row * 24}H252`)
  const pattern = pickOne(random, [
    line(dots, accent, 7, '0 24'),
    line(
      repeat(9, (column) => `M${12 + column * 27} 0V360`),
      soft,
      9,
    ),
    line(
      repeat(13, (row) => `M-15 ${-4 + row * 31}l30 22 30-22 30 22 30-22 30 22 30-22 30 22 30-22 30 22`),
      accent,
      3,
    ),
    line(dots, soft, 12, '0 24') + line(dots, accent, 4, '0 24'),
  ])

  return {
    picture:
      box(0, 0, 240, 360, strong) +
      pattern +
      box(30, 54, 180, 186, paper) +
      `<rect x="36" y="60" width="168" height="174" fill="none" stroke="${ink}"/>`,
    title: { x: 46, y: 72, width: 148, height: 118, largest: 34, align: 'middle', rise: 'middle' },
    author: { x: 46, y: 200, width: 148, height: 24, largest: 12, align: 'middle', rise: 'middle' },
  }
}

/** Large type between rules, and three plain shapes. */
export const rules: Composition = ({ ink, strong, soft, accent }, random) => {
  const [first, second, third] = pickOne(random, [
    [strong, soft, accent],
    [accent, strong, soft],
    [strong, accent, soft],
  ] as const)

  return {
    picture:
      box(22, 24, 196, 8, ink) +
      box(22, 36, 196, 1.5, ink) +
      circle(52, 276, 30, first) +
      box(90, 246, 60, 60, second) +
      shape('M158 306l30-60 30 60z', third) +
      box(22, 318, 196, 1.5, ink),
    title: titleFrom(48, 184, 'start', 104),
    author: authorAtFoot('start'),
  }
}
