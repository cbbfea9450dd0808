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
// Names of schemas of PostgreSQL itself, and words that JavaScript does not take as names.
const reserved = new Set([
  'public',
  'information-schema',
  'default',
  'delete',
  'export',
  'import',
  'new',
  'package',
  'service',
])

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
