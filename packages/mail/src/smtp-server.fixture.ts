import { EventEmitter, once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A mail as a server took it. */
export interface Received {
  from: string
  recipients: readonly string[]
  message: string
}

/** A running SMTP server of the test. */
export interface TestSmtpServer extends AsyncDisposable {
  url: string
  received: Received[]
  /** Resolves once the next mail was taken. */
  nextMail(): Promise<unknown>
}

/** An error with which a server answers. */
export function smtpAnswer(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}

/** Starts an SMTP server without TLS that takes every mail, and says so after `answerAfterMs`. */
export async function startSmtpServer(
  options: SMTPServerOptions = {},
  { answerAfterMs = 0 } = {},
): Promise<TestSmtpServer> {
  const received: Received[] = []
  const mails = new EventEmitter()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    // A name is looked up otherwise.
    disableReverseLookup: true,
    async onData(stream, { envelope }, done) {
      // A client that is killed leaves half a mail.
      const message = await text(stream).catch(() => undefined)
      if (message === undefined) return
      const recipients = envelope.rcptTo.map(({ address }) => address)
      received.push({ from: envelope.mailFrom ? envelope.mailFrom.address : '', recipients, message })
      mails.emit('taken')
      setTimeout(done, answerAfterMs)
    },
    ...options,
  })
  // What clients break off is no fault of the server.
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const scheme = options.secure ? 'smtps' : 'smtp'
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    received,
    nextMail: () => once(mails, 'taken'),
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
