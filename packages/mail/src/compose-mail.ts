import { createHash } from 'node:crypto'
import type { MailContent } from './mail-content.ts'
import type { Address } from './read-address.ts'
import { renderMail } from './render-mail.ts'

/** The sender of every mail. */
export interface Sender {
  name: string
  address: string
}

/** A mail to one reader. */
export interface Mail {
  /** Names it: the same key gets the same Message-ID, by which receivers find repeats. */
  key: string
  to: Address
  content: MailContent
}

/** A mail as nodemailer takes it. The envelope has one recipient, whatever the headers say. */
export function composeMail({ key, to, content }: Mail, from: Sender) {
  const id = createHash('sha256').update(key).digest('hex').slice(0, 40)
  return {
    envelope: { from: from.address, to: [to.address] },
    from,
    to: { name: '', address: to.address },
    messageId: `<${id}@${from.address.split('@')[1]}>`,
    // RFC 3834: no answer of a machine is wanted.
    headers: { 'Auto-Submitted': 'auto-generated' },
    subject: content.subject,
    ...renderMail(content),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
