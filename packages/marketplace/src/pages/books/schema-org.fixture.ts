type Data = Readonly<Record<string, unknown>>

interface Rules {
  /** Properties that a checker requires; of several in one string, one of them. */
  required: readonly string[]
  optional: readonly string[]
}

/**
 * The properties of schema.org (release 29) that we use, and what Google's documents on review snippets and product snippets require of
 * them.
 */
const types: Readonly<Record<string, Rules>> = {
  Book: {
    required: ['name'],
    optional: ['@context', '@id', 'url', 'author', 'genre', 'datePublished', 'aggregateRating', 'offers'],
  },
  Person: { required: ['name'], optional: [] },
  AggregateRating: {
    required: ['ratingValue', 'ratingCount or reviewCount'],
    optional: ['ratingCount', 'reviewCount', 'bestRating', 'worstRating'],
  },
  Offer: { required: ['price', 'priceCurrency'], optional: ['url', 'availability'] },
}

const availabilities = 'InStock|OutOfStock|LimitedAvailability|PreOrder|BackOrder|SoldOut|Discontinued'

/** What a value has to look like. */
const values: Readonly<Record<string, (value: unknown) => boolean>> = {
  '@context': (value) => value === 'https://schema.org',
  '@id': isUrl,
  url: isUrl,
  name: isText,
  genre: isText,
  // ISO 8601: a year, a month or a day.
  datePublished: (value) => matches(value, /^\d{4}(-\d{2}){0,2}$/),
  ratingValue: (value) => typeof value === 'number' && value >= 1 && value <= 5,
  ratingCount: isCount,
  reviewCount: isCount,
  bestRating: (value) => value === 5,
  worstRating: (value) => value === 1,
  // Without a currency sign, a comma or separators of thousands.
  price: (value) => matches(value, /^\d+(\.\d+)?$/),
  priceCurrency: (value) => matches(value, /^[A-Z]{3}$/),
  availability: (value) => matches(value, new RegExp(`^https://schema\\.org/(${availabilities})$`)),
}

const kinds: Readonly<Record<string, string>> = {
  author: 'Person',
  aggregateRating: 'AggregateRating',
  offers: 'Offer',
}

/** What the public checkers of structured data would find wrong with the data of a book, each as a sentence. */
export function findDataProblems(data: Data): string[] {
  const context = data['@context'] === undefined ? ['There is no @context'] : []
  return [...context, ...problemsOf(data)]
}

function problemsOf(data: Data): string[] {
  const type = String(data['@type'])
  const rules = types[type]
  if (!rules) return [`${type} is no known type`]
  const known = ['@type', ...rules.required, ...rules.optional]
  const lacking = rules.required.filter((names) => !names.split(' or ').some((name) => name in data))
  return [
    ...lacking.map((names) => `${type} lacks ${names}`),
    ...Object.keys(data)
      .filter((name) => !known.includes(name))
      .map((name) => `${type} has no ${name}`),
    ...Object.entries(data).flatMap(([name, value]) => problemsOfValue(name, value)),
  ]
}

function problemsOfValue(name: string, value: unknown): string[] {
  const kind = kinds[name]
  if (kind) {
    const part = value as Data
    return [...(part['@type'] === kind ? [] : [`${name} is no ${kind}`]), ...problemsOf(part)]
  }
  return values[name]?.(value) === false ? [`${name} is invalid: ${String(value)}`] : []
}

function isUrl(value: unknown): boolean {
  return matches(value, /^https?:\/\//)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value)
}
