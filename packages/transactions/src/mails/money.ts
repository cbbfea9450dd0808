// To make one, and to ask it for its digits, takes longer than all the rest of a mail.
const formats = new Map<string, { format: Intl.NumberFormat; digits: number }>()

/** An amount as people write it, such as €9.99, from the smallest units of its currency. */
export function moneyOf(cents: number, currency: string): string {
  const { format, digits } = formats.get(currency) ?? formatOf(currency)
  const units = String(Math.abs(cents)).padStart(digits + 1, '0')
  const sign = cents < 0 ? '-' : ''
  // As text: an amount is never a floating-point number here.
  return format.format(
    `${sign}${units.slice(0, units.length - digits)}.${units.slice(units.length - digits)}` as `${number}`,
  )
}

function formatOf(currency: string) {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  const { maximumFractionDigits: digits = 0 } = format.resolvedOptions()
  const made = { format, digits }
  formats.set(currency, made)
  return made
}
