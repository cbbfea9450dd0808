import type { Composition } from './composition.ts'
import { pickNumber, pickOne } from './random.ts'
import { circle, line, repeat, shape } from './shapes.ts'
import { authorAtFoot, authorAtHead, footStrip, titleFrom, titleWithin } from './text-areas.ts'

/** A keyhole with light behind it, and the long shadow of its plate. */
export const keyhole: Composition = ({ ink, strong, soft, accent }, random) => {
  const x = pickNumber(random, 84, 120)

  return {
    picture:
      shape(`M${x + 39} 191l200 200H${x + 100}L${x - 39} 269z`, soft) +
      circle(x, 230, 55, strong) +
      circle(x, 216, 15, accent) +
      shape(`M${x - 6} 222h12l8 40h-28z`, accent) +
      footStrip(ink),
    title: titleWithin(20, 144, 'start'),
    author: authorAtFoot('start'),
    strip: true,
  }
}

/** An open eye. */
export const eye: Composition = ({ paper, ink, strong, soft, accent }, random) => {
  const [lid, gaze] = [pickNumber(random, 66, 84), pickNumber(random, 102, 138)]
  const lashes = repeat(9, (index) => {
    const angle = Math.PI * (0.14 + index * 0.09)
    const [across, up] = [Math.cos(angle), Math.sin(angle)]
    const point = (reach: number) => `${Math.round(120 - across * reach * 1.3)} ${Math.round(252 - up * reach)}`
    return `M${point(60)}L${point(78)}`
  })

  return {
    picture:
      line(lashes, accent, 3) +
      shape(`M18 250Q120 ${250 - lid} 222 250Q120 ${250 + lid} 18 250`, strong) +
      shape(`M36 250Q120 ${266 - lid} 204 250Q120 ${234 + lid} 36 250`, soft) +
      circle(gaze, 250, 25, accent) +
      circle(gaze, 250, 12, ink) +
      circle(gaze + 8, 243, 4, paper),
    title: titleWithin(22, 136, 'middle'),
    author: authorAtFoot('middle'),
  }
}

/** Planets on their orbits in a field of stars. */
export const orbits: Composition = ({ ink, strong, soft, accent }, random) => {
  const tilt = pickOne(random, [-32, -18, 18, 32])
  const stars = repeat(26, () => `M${pickNumber(random, 6, 234)} ${pickNumber(random, 6, 204)}h0`)
  const rings = [112, 86, 60].map(
    (radius) =>
      `<ellipse cx="120" cy="112" rx="${radius}" ry="${radius * 0.42}" transform="rotate(${tilt} 120 112)" fill="none" stroke="${strong}" stroke-width="2"/>`,
  )
  const side = Math.sign(tilt)

  return {
    picture:
      `<path d="${stars}" stroke="${ink}" stroke-width="2" stroke-linecap="round"/>` +
      rings.join('') +
      circle(120, 112, 30, accent) +
      shape('M120 82a30 30 0 0 1 0 60a44 44 0 0 0 0-60', soft) +
      circle(120 + 95, 112 + side * 53, 10, strong) +
      circle(120 - 73, 112 - side * 38, 6, accent),
    title: titleWithin(214, 104, 'start', 40),
    author: authorAtFoot('start'),
  }
}

/** A sprig of leaves and berries. */
export const sprig: Composition = ({ strong, soft, accent }, random) => {
  const lean = pickOne(random, [-1, 1])
  const leaves = repeat(5, (index) => {
    const at = `${120 + lean * (5 - index) * 5} ${322 - index * 27}`
    const size = 1.18 - index * 0.13
    return [-62, 58]
      .map((turn, side) => {
        const fill = (index + side) % 2 === 0 ? strong : soft
        return `<path transform="translate(${at})rotate(${turn})scale(${size.toFixed(2)})" d="M0 0q26-26 0-68q-26 42 0 68" fill="${fill}"/>`
      })
      .join('')
  })

  return {
    picture:
      line(`M${120 + lean * 32} 360Q120 290 120 178`, strong, 3) +
      leaves +
      repeat(3, (index) => circle(106 + index * 14, index === 1 ? 172 : 184, 6, accent)),
    title: titleFrom(48, 108, 'middle', 40),
    author: authorAtHead('middle'),
  }
}

/** A folded paper boat. */
export const boat: Composition = ({ ink, paper, strong, soft, accent }, random) => {
  const drift = pickNumber(random, -14, 14)

  return {
    picture:
      circle(120 - drift * 5, 196, 26, accent) +
      shape(`M${120 + drift} 184l48 72h-96z`, soft) +
      shape(`M${120 + drift} 184v72h48z`, strong) +
      shape(`M${40 + drift} 244l56 22h48l56-22-34 56H${74 + drift}z`, paper) +
      shape(`M${40 + drift} 244l56 22 24 34h-46z`, strong) +
      shape(`M${200 + drift} 244l-56 22-24 34h46z`, accent) +
      shape(`M${96 + drift} 266h48l-24 34z`, soft) +
      shape('M-20 292q20-14 40 0t40 0 40 0 40 0 40 0 40 0 40 0V340H-20z', strong) +
      footStrip(ink),
    title: titleWithin(22, 138, 'middle'),
    author: authorAtFoot('middle'),
    strip: true,
  }
}
