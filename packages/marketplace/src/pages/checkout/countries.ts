// Where the shop sends to (ISO 3166-1): the European Union, and its neighbours with which post goes as quickly.
const codes = 'AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(
  ' ',
)

const names = new Intl.DisplayNames('en', { type: 'region' })

/** The name of a country; the code itself for an unknown one. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code
}

/** The countries that can be chosen, by name, after a line that asks to choose. */
export const countries: readonly { value: string; label: string }[] = [
  { value: '', label: 'Choose a country' },
  ...codes.map((value) => ({ value, label: countryName(value) })).sort((a, b) => a.label.localeCompare(b.label, 'en')),
]
