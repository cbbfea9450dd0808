import type { Composition } from './composition.ts'
import { pickNumber, pickOne } from './random.ts'
import { box, circle, line, repeat, shape } from './shapes.ts'
import { authorAtFoot, authorAtHead, footStrip, stripTop, titleFrom, titleWithin } from './text-areas.ts'

/** A sun coming up behind bands of land. */
export const sunrise: Composition = ({ ink, strong, soft, accent }, random) => {
  const horizon = pickNumber(random, 224, 240)
  const bands = repeat(4, (index) => {
    const top = horizon + 4 * index * (index + 1)
    return box(0, top, 240, stripTop - top, index % 2 === 0 ? strong : soft)
  })

  return {
    picture: circle(pickNumber(random, 80, 160), horizon, 58, accent) + bands + footStrip(ink),
    title: titleWithin(24, 134, 'middle'),
    author: authorAtFoot('middle'),
    strip: true,
  }
}

/** Rows of cut waves under a low moon. */
export const sea: Composition = ({ paper, strong, soft, accent }, random) => {
  const waves = repeat(6, (row) => {
    const start = `M${row % 2 === 0 ? -30 : -60} ${214 + row * 25}q15-18 30 0t30 0 30 0 30 0 30 0 30 0 30 0 30 0 30 0 30 0`
    return shape(`${start}V360H-60z`, row % 2 === 0 ? strong : soft) + line(start, paper, 2)
  })

  return {
    picture: circle(pickNumber(random, 60, 180), 208, 36, accent) + waves,
    title: titleFrom(48, 116, 'start'),
    author: authorAtHead('start'),
  }
}

/** Three ranges of mountains, one behind the other. */
export const peaks: Composition = ({ ink, strong, soft, accent }, random) => {
  const range = (height: number) => {
    const tops = [0, 48, 96, 144, 192, 240].map(
      (x, index) => `L${x} ${height + (index % 2) * 34 - pickNumber(random, 0, 26)}`,
    )
    return `M0 360${tops.join('')}V360z`
  }

  return {
    picture:
      circle(pickNumber(random, 56, 184), 196, 22, accent) +
      shape(range(232), soft) +
      shape(range(262), strong) +
      shape(range(300), ink) +
      footStrip(ink),
    title: titleWithin(22, 138, 'middle'),
    author: authorAtFoot('middle'),
    strip: true,
  }
}

/** The windows of a dark house, with one lamp lit. */
export const windows: Composition = ({ strong, soft, accent }, random) => {
  const [left, top] = [24 + 42 * pickNumber(random, 0, 4), 22 + 48 * pickNumber(random, 0, 3)]
  const rows = line(
    repeat(4, (row) => `M24 ${38 + row * 48}H216`),
    soft,
    32,
    '24 18',
  )
  const lit = box(left, top, 24, 32, accent) + line(`M${left + 12} ${top}v32m-12-18h24`, strong, 2)

  return {
    picture: box(0, 0, 240, 212, strong) + rows + lit + box(0, 212, 240, 5, soft),
    title: titleWithin(226, 92, 'start', 36),
    author: authorAtFoot('start'),
  }
}

/** A street lamp, and a person who waits in its light. */
export const lamp: Composition = ({ ink, strong, soft, accent }, random) => {
  const [post, person] = [pickNumber(random, 150, 176), pickNumber(random, 84, 112)]

  return {
    picture:
      shape(`M${post - 12} 190L${post - 118} ${stripTop}H${post + 94}L${post + 12} 190z`, soft) +
      box(post - 3, 190, 6, 130, strong) +
      shape(`M${post - 15} 192l5-20h20l5 20z`, accent) +
      shape(`M${post - 13} 172l13-12 13 12z`, strong) +
      circle(person, 250, 8, strong) +
      shape(`M${person - 13} 245h26v-3h-5l-2-8h-12l-2 8h-5z`, strong) +
      shape(`M${person - 12} ${stripTop}l2-54q10-12 20 0l2 54z`, strong) +
      footStrip(ink),
    title: titleWithin(22, 130, 'start'),
    author: authorAtFoot('start'),
    strip: true,
  }
}

/** Arches that open into one another, with a person in the last. */
export const doorway: Composition = ({ paper, ink, strong, soft, accent }, random) => {
  const colours = pickOne(random, [
    [soft, strong, paper, accent],
    [strong, soft, strong, accent],
    [strong, paper, soft, accent],
  ])
  const head = pickOne(random, [roundHead, pointedHead])
  const arches = repeat(4, (index) => {
    const radius = 86 - index * 20
    const path = `M${120 - radius} ${stripTop}v-${68 - index * 6}${head(radius)}V${stripTop}z`
    return shape(path, colours[index] ?? accent)
  })
  const person = circle(120, 278, 6, ink) + shape(`M111 ${stripTop}l2-28q7-8 14 0l2 28z`, ink)

  return {
    picture: arches + person + footStrip(ink),
    title: titleWithin(20, 130, 'middle', 40),
    author: authorAtFoot('middle'),
    strip: true,
  }
}

function roundHead(radius: number): string {
  return `a${radius} ${radius} 0 0 1 ${radius * 2} 0`
}

function pointedHead(radius: number): string {
  return `q0-${radius * 0.75} ${radius}-${radius * 1.125} ${radius} ${radius * 0.375} ${radius} ${radius * 1.125}`
}
