import type { Composition } from './composition.ts'
import { pickNumber, pickOne } from './random.ts'
import { box, circle, line, repeat, shape } from './shapes.ts'
import { authorAtFoot, authorAtHead, footStrip, stripTop, titleFrom, titleWithin } from './text-areas.ts'

/** A castle on a hill, with a flag on its highest tower. */
export const castle: Composition = ({ ink, strong, soft, accent }, random) => {
  const moon = pickOne(random, [52, 188])
  const tower = (x: number, top: number, width: number) =>
    `M${x} 314V${top}h${width / 5}v7h${width / 5}v-7h${width / 5}v7h${width / 5}v-7h${width / 5}V314z`

  return {
    picture:
      circle(moon, 196, 24, soft) +
      shape(tower(62, 236, 30) + tower(148, 228, 30) + tower(96, 204, 48), strong) +
      shape('M92 258h56v56H92z', strong) +
      shape('M111 308v-26a9 9 0 0 1 18 0v26zM114 226h12v16h-12zM74 254h6v12h-6zM160 246h6v12h-6z', accent) +
      line('M120 204v-26', strong, 2) +
      shape('M120 178l20 7-20 7z', accent) +
      shape(`M-10 ${stripTop}Q60 276 130 296T250 292V${stripTop}z`, soft) +
      footStrip(ink),
    title: titleWithin(20, 138, 'middle', 40),
    author: authorAtFoot('middle'),
    strip: true,
  }
}

/** A row of columns below a pediment. */
export const columns: Composition = ({ ink, strong, soft, accent }, random) => {
  const broken = pickNumber(random, 0, 4)
  const shafts = repeat(5, (index) => {
    const x = 34 + index * 37
    const top = index === broken ? 258 : 230
    return box(x, top, 24, 304 - top, strong) + line(`M${x + 8} ${top}V304M${x + 16} ${top}V304`, soft, 2)
  })

  return {
    picture:
      shape('M18 214L120 170l102 44z', strong) +
      circle(120, 198, 9, accent) +
      box(22, 216, 196, 10, accent) +
      shafts +
      box(22, 304, 196, 8, strong) +
      footStrip(ink),
    title: titleWithin(20, 138, 'middle', 42),
    author: authorAtFoot('middle'),
    strip: true,
  }
}

/** The roofs of a city by night, here and there a lit window. */
export const skyline: Composition = ({ ink, strong, soft, accent }, random) => {
  const houses = (tops: readonly number[], width: number, shift: number) =>
    tops.map((top, index) => `M${index * width + shift} ${stripTop}V${top}h${width}V${stripTop}z`).join('')
  const far = Array.from({ length: 8 }, () => pickNumber(random, 196, 250))
  const near = Array.from({ length: 6 }, () => pickNumber(random, 236, 284))
  const lights = near.flatMap((top, index) =>
    Array.from({ length: 2 }, (_, floor) => {
      const x = index * 46 - 10 + pickOne(random, [8, 18, 28])
      return `M${x} ${top + 12 + floor * 16}h7v9h-7z`
    }),
  )

  return {
    picture:
      circle(pickNumber(random, 50, 190), 190, 18, accent) +
      shape(houses(far, 32, -8), soft) +
      shape(houses(near, 46, -16), strong) +
      shape(lights.join(''), accent) +
      footStrip(ink),
    title: titleFrom(24, 140, 'start'),
    author: authorAtFoot('start'),
    strip: true,
  }
}

/** Stairs that turn as they rise, with a door at the top. */
export const stairs: Composition = ({ ink, strong, soft, accent }, random) => {
  const isRight = random() < 0.5
  const x = (value: number) => (isRight ? value : 240 - value)
  const steps = repeat(8, (index) => {
    const [left, top] = [2 + index * 26, 310 - index * 13]
    return shape(`M${x(left)} ${stripTop}V${top}H${x(240)}V${stripTop}z`, index % 2 === 0 ? soft : strong)
  })

  return {
    picture:
      steps +
      shape(`M${x(198)} 219V178Q${x(212)} 162 ${x(226)} 178V219z`, accent) +
      circle(x(204), 200, 1.8, ink) +
      footStrip(ink),
    title: titleWithin(20, 130, isRight ? 'start' : 'middle'),
    author: authorAtFoot(isRight ? 'start' : 'middle'),
    strip: true,
  }
}

/** Birds that cross a large low sun. */
export const birds: Composition = ({ ink, soft, accent }, random) => {
  const flock = repeat(7, () => {
    const [x, y] = [pickNumber(random, 24, 200), pickNumber(random, 178, 288)]
    const span = pickNumber(random, 9, 16)
    return `M${x - span} ${y - span / 3}q${span * 0.7}-${span * 0.4} ${span} ${span / 2}q${span * 0.3}-${span * 0.9} ${span}-${span / 2}`
  })

  return {
    picture: circle(120, 250, 74, soft) + circle(120, 250, 58, accent) + line(flock, ink, 3.5),
    title: titleFrom(48, 112, 'middle'),
    author: authorAtHead('middle'),
  }
}

/** Furrows of fields that run to a farm on the horizon. */
export const fields: Composition = ({ ink, strong, soft, accent }, random) => {
  const farm = pickNumber(random, 70, 170)
  const furrows = repeat(9, (index) => {
    const [near, far] = [-260 + index * 84, farm - 40 + index * 10]
    return `M${near} ${stripTop}L${far} 236h6L${near + 44} ${stripTop}z`
  })

  return {
    picture:
      circle(240 - farm, 204, 20, accent) +
      box(0, 236, 240, stripTop - 236, soft) +
      shape(furrows, strong) +
      shape(`M${farm - 14} 236v-16l14-12 14 12v16zM${farm + 18} 236v-28h8v28z`, strong) +
      footStrip(ink),
    title: titleWithin(20, 146, 'start'),
    author: authorAtFoot('start'),
    strip: true,
  }
}
