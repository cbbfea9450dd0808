/** A price such as €12.99, from the smallest units of its currency. */
export function formatPrice(priceCents: number, currency: string): string {
  const format = priceFormatOf(currency)
  return format ? format.format(decimalOf(priceCents, format)) : `${priceCents} ${currency}`
}

/** A price such as 12.99 for programs; undefined for an unknown currency. */
export function decimalPrice(priceCents: number, currency: string): string | undefined {
  const format = priceFormatOf(currency)
  return format && decimalOf(priceCents, format)
}

/** A year such as 1962 or 380 BCE; undefined for 0, which means unknown. */
export function formatYear(year: number): string | undefined {
  if (year === 0) return undefined
  return year > 0 ? String(year) : `${-year} BCE`
}

/** A day such as 13 November 2026, in UTC. */
export function formatDay(moment: Date): string {
  return dayFormat.format(moment)
}

/** A moment such as 13 November 2026 at 09:30, in UTC. */
export function formatTime(moment: Date): string {
  return timeFormat.format(moment)
}

const timeFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

const priceFormats = new Map<string, Intl.NumberFormat>()

function priceFormatOf(currency: string): Intl.NumberFormat | undefined {
  if (!/^[A-Z]{3}$/.test(currency)) return undefined
  const known = priceFormats.get(currency)
  if (known) return known
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  priceFormats.set(currency, format)
  return format
}

function decimalOf(priceCents: number, format: Intl.NumberFormat): `${number}` {
  const { maximumFractionDigits: digits = 0 } = format.resolvedOptions()
  const units = String(priceCents).padStart(digits + 1, '0')
  // As text: a price is never a floating-point number here.
  const [whole, part] = [units.slice(0, units.length - digits), units.slice(units.length - digits)]
  return (digits > 0 ? `${whole}.${part}` : whole) as `${number}`
}
