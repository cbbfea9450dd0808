import { StartError } from '@books/runtime'

/** The name of a service in every spelling that its files need. */
export interface Names {
  /** Folder, package, image and host: `gift-cards`. */
  kebab: string
  /** Contract and schema-safe words: `gift_cards`. */
  snake: string
  /** Variables: `giftCards`. */
  camel: string
  /** Messages and services: `GiftCards`. */
  pascal: string
  /** Settings: `GIFT_CARDS`. */
  upper: string
}

const shape = /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/
const longest = 40
// Names of schemas of PostgreSQL, words of JavaScript, and names that the files of a service use themselves.
const reserved = new Set(
  `public information-schema await break case catch class const continue debugger default delete do else enum export extends false
  finally for function if implements import in instanceof interface let new null package private protected return static super switch
  this throw true try typeof var void while with yield
  client clients database log migrations running service services settings start tables`.split(/\s+/),
)

/** Spells the name of a new service. Throws a `StartError` that says what a name looks like. */
export function namesOf(name: string): Names {
  if (!shape.test(name) || name.length > longest) {
    throw new StartError(
      `NAME must be small letters and digits with hyphens between, at most ${longest}: NAME=gift-cards`,
    )
  }
  if (reserved.has(name)) throw new StartError(`NAME must not be "${name}", which is reserved`)
  const snake = name.replaceAll('-', '_')
  const pascal = name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
  return {
    kebab: name,
    snake,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    pascal,
    upper: snake.toUpperCase(),
  }
}
