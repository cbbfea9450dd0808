import { once } from 'node:events'
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
}

/** An error with which a server answers. */
export function smtpAnswer(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}

/** Starts an SMTP server without TLS that takes every mail. */
export async function startSmtpServer(options: SMTPServerOptions = {}): Promise<TestSmtpServer> {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    // A name is looked up otherwise.
    disableReverseLookup: true,
    async onData(stream, { envelope }, done) {
      const message = await text(stream)
      const recipients = envelope.rcptTo.map(({ address }) => address)
      received.push({ from: envelope.mailFrom ? envelope.mailFrom.address : '', recipients, message })
      done()
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
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
