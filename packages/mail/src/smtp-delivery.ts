import { StartError } from '@books/runtime'
import { createTransport } from 'nodemailer'
import { composeMail, type Mail, type Sender } from './compose-mail.ts'
import { smtpErrorOf } from './smtp-error.ts'

/** Where mails go. */
export interface Delivery {
  deliver(mail: Mail): Promise<void>
  close(): void
}

/** How long each phase with a server may take, in milliseconds. */
export interface SmtpTimeouts {
  /** Until there is a connection, its name looked up. */
  connectMs?: number
  /** From there to the server's greeting, and for TLS. */
  greetingMs?: number
  /** Without a byte. */
  idleMs?: number
}

/** Delivers mail to an SMTP server, one connection for each. Throws a `StartError` where the URL is wrong. */
export function createSmtpDelivery(
  url: string,
  from: Sender,
  { connectMs = 10_000, greetingMs = 10_000, idleMs = 20_000 }: SmtpTimeouts = {},
): Delivery {
  if (!URL.canParse(url) || !new URL(url).hostname) {
    throw new StartError('wrong settings: SMTP_URL must be like smtps://user:password@mail.example')
  }
  const transport = createTransport({
    url,
    ...{ connectionTimeout: connectMs, dnsTimeout: connectMs, greetingTimeout: greetingMs, socketTimeout: idleMs },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })

  return {
    async deliver(mail) {
      const message = composeMail(mail, from)
      await transport.sendMail(message).catch((failure: unknown) => {
        throw smtpErrorOf(failure, mail.to)
      })
    },
    close: () => transport.close(),
  }
}
