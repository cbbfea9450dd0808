// To make one takes longer than all the rest of a mail.
const formats = new Map<string, Intl.NumberFormat>()

/** An amount as people write it, such as €9.99, from the smallest units of its currency. */
export function moneyOf(cents: number, currency: string): string {
  const format = formats.get(currency) ?? new Intl.NumberFormat('en', { style: 'currency', currency })
  formats.set(currency, format)
  const { maximumFractionDigits: digits = 0 } = format.resolvedOptions()
  const units = String(Math.abs(cents)).padStart(digits + 1, '0')
  const sign = cents < 0 ? '-' : ''
  // As text: an amount is never a floating-point number here.
  return format.format(
    `${sign}${units.slice(0, units.length - digits)}.${units.slice(units.length - digits)}` as `${number}`,
  )
}
