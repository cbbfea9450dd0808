const codes = new Set(Intl.supportedValuesOf('currency'))
const digitsByCurrency = new Map<string, number>()

/** Whether this is a currency code of ISO 4217. */
export function isCurrency(code: string): boolean {
  return codes.has(code)
}

/** Reads a price such as 12.99, exactly, in the smallest unit of its currency; undefined for anything else. */
export function readPrice(price = '', currency: string): number | undefined {
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d+))?$/.exec(price) ?? []
  const digits = digitsOf(currency)
  return whole === undefined || fraction.length > digits ? undefined : Number(whole + fraction.padEnd(digits, '0'))
}

/** An example of a price in a currency. */
export function priceExample(currency: string): string {
  const digits = digitsOf(currency)
  return (1299 / 10 ** digits).toFixed(digits)
}

/** The number of decimals of a currency: two for the euro, none for the yen. */
function digitsOf(currency: string): number {
  const known = digitsByCurrency.get(currency)
  if (known !== undefined) return known
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0
  digitsByCurrency.set(currency, digits)
  return digits
}
