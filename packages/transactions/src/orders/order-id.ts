// Crockford's base 32: no I, L, O and U, so that an id can be read out.
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 10

/** A new order id, such as 7K3QD-9MX2T. `bytes` are at least ten random ones. */
export function orderIdOf(bytes: Uint8Array): string {
  // 256 is a multiple of 32, so each digit is as likely as any other.
  const text = Array.from(bytes.subarray(0, length), (byte) => digits[byte % digits.length]).join('')
  return shown(text)
}

/** Reads an order id as people write it: in any case, without the hyphen, I and L for 1, O for 0. Undefined where it is none. */
export function readOrderId(text: string): string | undefined {
  if (text.length > 2 * length) return undefined
  const plain = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll(/[IL]/g, '1').replaceAll('O', '0')
  return plain.length === length && Array.from(plain).every((digit) => digits.includes(digit))
    ? shown(plain)
    : undefined
}

function shown(plain: string): string {
  return `${plain.slice(0, 5)}-${plain.slice(5)}`
}
