import { type Log, StartError } from '@books/runtime'
import { PermanentError } from '@books/runtime/outbox'
import type { Sender } from './compose-mail.ts'
import type { MailContent } from './mail-content.ts'
import type { MailSettings } from './mail-settings.ts'
import { createMailboxDelivery } from './mailbox/mailbox-delivery.ts'
import { readAddress } from './read-address.ts'
import { createSmtpDelivery, type SmtpTimeouts } from './smtp-delivery.ts'

/** A mail to be sent. */
export interface NewMail {
  /** Names it: a repeat with the same key has the same Message-ID. No personal data. */
  key: string
  /** One address. */
  to: string
  content: MailContent
}

/** Sends mail. */
export interface Mailer {
  /**
   * Resolves once the server has taken the mail, or it is in the local mailbox. Rejects with a `PermanentError` where the address is
   * wrong or the server refused the mail for good. No error contains the address.
   */
  send(mail: NewMail): Promise<void>
  close(): void
}

// For the local mailbox, which sends nothing.
const localSender = 'Books <books@shop.example>'

/** Sends mail by SMTP_URL, or else to the local mailbox. Throws a `StartError` where a setting is wrong. */
export function createMailer(settings: MailSettings, log: Log, timeouts: SmtpTimeouts = {}): Mailer {
  const { SMTP_URL: url, MAIL_FROM } = settings
  if (url !== undefined && MAIL_FROM === undefined) throw new StartError('wrong settings: SMTP_URL needs MAIL_FROM')
  const from = readSender(MAIL_FROM ?? localSender)
  const delivery =
    url === undefined ? createMailboxDelivery(settings, from, log) : createSmtpDelivery(url, from, timeouts)

  return {
    async send({ key, to, content }) {
      const address = readAddress(to)
      if (!address) throw new PermanentError('the address is invalid')
      await delivery.deliver({ key, to: address, content })
    },
    close: delivery.close,
  }
}

function readSender(text: string): Sender {
  const [, name = '', inBrackets] = /^([^<>"\p{Cc}]*)<([^<>]+)>$/u.exec(text.trim()) ?? []
  const sender = readAddress(inBrackets ?? text)
  if (!sender) throw new StartError('wrong settings: MAIL_FROM must be an address, or like Books <shop@books.example>')
  return { name: name.trim(), address: sender.address }
}
