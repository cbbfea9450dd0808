/** How a reader is told apart from other customers, for promotions and limits. */
export function customerOf(readerId: number): string {
  return `reader:${readerId}`
}

/** How a guest is told apart: by the email address in lower case. */
export function guestOf(addressKey: string): string {
  return `email:${addressKey}`
}
