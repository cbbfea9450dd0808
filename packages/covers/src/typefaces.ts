/** A way of setting text. Families are names that a reader's device already has. */
export interface Typeface {
  family: string
  weight: number
  italic?: true
  capitals?: true
  /** Space after each letter, in ems. */
  tracking?: number
}

/** The typeface of a title, and the one of its subtitle and author. */
export interface Pairing {
  title: Typeface
  byline: Typeface
}

const roman = "Palatino,'Palatino Linotype','Book Antiqua',P052,Georgia,serif"
const modern = "Didot,'Bodoni 72','Bodoni MT',C059,'Times New Roman',serif"
const grotesque = "'Helvetica Neue',Helvetica,Arial,sans-serif"
const geometric = "Futura,'Century Gothic','URW Gothic','Trebuchet MS',sans-serif"

const smallCapitals: Typeface = { family: grotesque, weight: 600, capitals: true, tracking: 0.1 }
const slanted: Typeface = { family: roman, weight: 400, italic: true }

/** An old-style serif. */
export const bookish: Pairing = { title: { family: roman, weight: 700 }, byline: smallCapitals }
/** The same in italics. */
export const lyrical: Pairing = { title: { family: roman, weight: 700, italic: true }, byline: smallCapitals }
/** The same in spaced capitals, as on stone. */
export const inscribed: Pairing = {
  title: { family: roman, weight: 400, capitals: true, tracking: 0.05 },
  byline: slanted,
}
/** A serif of high contrast. */
export const elegant: Pairing = { title: { family: modern, weight: 700 }, byline: slanted }
/** A sans serif in heavy capitals. */
export const poster: Pairing = { title: { family: grotesque, weight: 800, capitals: true }, byline: slanted }
/** A sans serif. */
export const plain: Pairing = { title: { family: grotesque, weight: 700, tracking: -0.02 }, byline: slanted }
/** A geometric sans serif. */
export const round: Pairing = {
  title: { family: geometric, weight: 600, tracking: -0.01 },
  byline: { family: geometric, weight: 500 },
}
