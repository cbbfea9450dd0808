import type { StoredMail } from '@books/mail'
import { formatTime } from '../format.ts'
import { paths } from '../paths.ts'

/** The page of all mails. */
export function mailboxPage(mails: readonly StoredMail[]) {
  return { title: 'The mailbox · Books', mails: mails.map(headOf) }
}

/** The page of one mail. */
export function mailPage(mail: StoredMail) {
  const { name, subject, text, headers } = mail
  return {
    title: `${subject} · Books`,
    ...headOf(mail),
    text: piecesOf(text),
    headers,
    mailbox: paths.mailbox,
    html: paths.mailHtml(name),
  }
}

function headOf({ name, subject, to, time }: StoredMail) {
  return { href: paths.mail(name), subject, to, time: formatTime(time), sentAt: time.toISOString() }
}

/** The text of a mail with its addresses of the web as links. */
function piecesOf(text: string): { text: string; href?: string }[] {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((piece, index) => (index % 2 === 1 ? { text: piece, href: piece } : { text: piece }))
}
