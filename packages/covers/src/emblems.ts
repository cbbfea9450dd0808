import type { Composition } from './composition.ts'
import { pickNumber, pickOne } from './random.ts'
import { box, circle, line, repeat, shape } from './shapes.ts'
import { authorAtFoot, authorAtHead, footStrip, titleFrom, titleWithin } from './text-areas.ts'

/** A head and shoulders, in the oval of an old portrait. */
export const portrait: Composition = ({ paper, ink, strong, soft, accent }, random) => {
  const turn = pickOne(random, ['', ' transform="matrix(-1 0 0 1 240 0)"'])
  const oval = (reach: number, fill: string) =>
    `<ellipse cx="120" cy="238" rx="${54 + reach}" ry="${64 + reach}" fill="${fill}"/>`
  const head =
    'M82 284q6-26 26-30v-14q-18-8-16-32q4-26 32-24q24 4 22 26l6 14-5 2v12q-2 6-14 4v12q20 4 26 30q-38 36-77 0z'

  return {
    picture:
      oval(12, accent) +
      oval(6, paper) +
      oval(0, soft) +
      `<path${turn} d="${head}" fill="${strong}"/>` +
      line('M66 324h108', ink, 1.5),
    title: titleWithin(20, 128, 'middle', 38),
    author: authorAtFoot('middle'),
  }
}

/** A letter, sealed. */
export const letter: Composition = ({ paper, ink, strong, soft, accent }, random) => {
  const tilt = pickNumber(random, -9, 9)

  return {
    picture:
      `<g transform="rotate(${tilt} 120 246)">${box(38, 192, 164, 108, strong)}${shape('M38 192l82 62 82-62z', soft)}` +
      `${line('M38 300l60-62M202 300l-60-62', paper, 2)}${circle(120, 252, 17, accent)}` +
      `${shape('M120 261c-14-9-9-18-4-17q3 0 4 4q1-4 4-4c5-1 10 8-4 17z', paper)}</g>${line('M22 336h196', ink, 1.5)}`,
    title: titleFrom(48, 116, 'middle', 44),
    author: authorAtHead('middle'),
  }
}

/** A balloon over hills. */
export const balloon: Composition = ({ ink, paper, strong, soft, accent }, random) => {
  const x = pickNumber(random, 92, 148)

  return {
    picture:
      shape(`M${x} 262c-60-44-54-96 0-96s60 52 0 96z`, accent) +
      shape(`M${x} 262c-26-40-24-96 0-96s26 56 0 96z`, paper) +
      shape(`M${x} 262c-9-40-8-96 0-96s9 56 0 96z`, strong) +
      line(`M${x - 8} 256v16M${x + 8} 256v16`, ink, 1.5) +
      box(x - 9, 270, 18, 12, ink) +
      shape('M-10 320q60-44 120-12q60-40 140 0v20H-10z', soft) +
      shape('M-10 320q50-22 110 0q70-26 150-6v14H-10z', strong) +
      footStrip(ink),
    title: titleWithin(18, 140, 'middle', 40),
    author: authorAtFoot('middle'),
    strip: true,
  }
}

/** Two strands that wind about each other. */
export const helix: Composition = ({ strong, accent, paper }, random) => {
  const shift = pickNumber(random, 0, 11)
  const xOf = (row: number, phase: number) => Math.round(120 + 66 * Math.sin((row + shift) * 0.52 + phase))
  const rungs = repeat(13, (row) => {
    const y = 182 + row * 11
    return line(`M${xOf(row, 0)} ${y}H${xOf(row, Math.PI)}`, row % 3 === 0 ? accent : strong, 3)
  })
  const strand = (phase: number) =>
    `M${Array.from({ length: 13 }, (_, row) => `${xOf(row, phase)} ${182 + row * 11}`).join('L')}`

  return {
    picture:
      rungs +
      `<path d="${strand(0)}" fill="none" stroke="${strong}" stroke-width="9" stroke-linejoin="round"/>` +
      `<path d="${strand(Math.PI)}" fill="none" stroke="${paper}" stroke-width="13" stroke-linejoin="round"/>` +
      `<path d="${strand(Math.PI)}" fill="none" stroke="${strong}" stroke-width="7" stroke-linejoin="round"/>`,
    title: titleFrom(24, 138, 'start'),
    author: authorAtFoot('start'),
  }
}

/** A ringed planet, half of it in the dark. */
export const planet: Composition = ({ ink, strong, soft, accent }, random) => {
  const tilt = pickOne(random, [-24, -14, 14, 24])
  const stars = repeat(22, () => `M${pickNumber(random, 6, 234)} ${pickNumber(random, 168, 340)}h0`)
  const ring = (half: string) =>
    `<path d="${half}" transform="rotate(${tilt} 120 250)" fill="none" stroke="${accent}" stroke-width="6"/>`

  return {
    picture:
      `<path d="${stars}" stroke="${ink}" stroke-width="2" stroke-linecap="round"/>` +
      ring('M24 250a96 22 0 0 1 192 0') +
      circle(120, 250, 58, strong) +
      shape('M120 192a58 58 0 0 1 0 116a78 78 0 0 0 0-116', soft) +
      ring('M24 250a96 22 0 0 0 192 0'),
    title: titleFrom(24, 132, 'start', 44),
    author: authorAtFoot('start'),
  }
}

/** A candle, and the light that it throws. */
export const candle: Composition = ({ ink, paper, strong, soft, accent }, random) => {
  const x = pickNumber(random, 88, 152)

  return {
    picture:
      circle(x, 214, 62, soft) +
      circle(x, 214, 40, strong) +
      shape(`M${x} 178c24 26 16 46 0 46s-24-20 0-46z`, accent) +
      shape(`M${x} 204c9 10 6 18 0 18s-9-8 0-18z`, paper) +
      box(x - 1, 222, 2, 8, ink) +
      shape(`M${x - 15} 230q8 6 15 0t15 0v78h-30z`, ink) +
      shape(`M${x - 44} 306h88l-10 14h-68z`, strong) +
      line('M22 322h196', ink, 2),
    title: titleWithin(18, 132, 'middle', 42),
    author: authorAtFoot('middle'),
  }
}
