import { PermanentError } from '@books/runtime/outbox'
import type { Address } from './read-address.ts'

/** What nodemailer rejects with. */
interface SmtpFailure extends Error {
  code?: string
  responseCode?: number
  response?: string
}

// The server's answers about this mail; others are about the connection, the login or the sender, which the operator can mend.
const ofMail = ['EENVELOPE', 'EMESSAGE']
const longestText = 300

/**
 * The error of a mail that a server did not take, with its text but without the address: permanent where the server refused this
 * mail for good (5xx).
 */
export function smtpErrorOf(failure: unknown, to: Address): Error {
  const { code = '', responseCode = 0, response, message } = failure as SmtpFailure
  const text = withoutAddress(response ?? message, to).slice(0, longestText)
  return ofMail.includes(code) && responseCode >= 500 ? new PermanentError(text) : new Error(`${code} ${text}`.trim())
}

function withoutAddress(text: string, { typed, address }: Address): string {
  const local = address.slice(0, address.lastIndexOf('@'))
  const personal = [typed, address, local].map(RegExp.escape).join('|')
  return text.replaceAll(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, '…').replaceAll(new RegExp(personal, 'gi'), '…')
}
