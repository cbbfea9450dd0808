import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import type { Receipt } from '../history/history.ts'

/** A mail server that keeps what the run needs to know. */
export interface MailReceiver extends AsyncDisposable {
  readonly url: string
  readonly mails: readonly ReceivedMail[]
}

/** A mail as it arrived; a repeat has the same message id. */
export interface ReceivedMail {
  messageId: string
  subject: string
}

const receiptSubject = /^Your order ([0-9A-Z]{5}-[0-9A-Z]{5}) at Books/

/** The receipts among mails. */
export function receiptsOf(mails: readonly ReceivedMail[]): Receipt[] {
  return mails.flatMap(({ messageId, subject }) => {
    const orderId = receiptSubject.exec(subject)?.[1]
    return orderId ? [{ orderId, messageId }] : []
  })
}

/** Starts a mail server. */
export async function startMailReceiver(): Promise<MailReceiver> {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    async onData(stream, _session, done) {
      try {
        mails.push(readMail(await text(stream)))
        done()
      } catch (error) {
        // A service that is killed sends half of a mail.
        done(error as Error)
      }
    },
  })
  // A service that is killed breaks connections off.
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function readMail(message: string): ReceivedMail {
  const header = (name: string) => new RegExp(`^${name}: ([^\\r\\n]*)`, 'im').exec(message)?.[1] ?? ''
  return { messageId: header('Message-ID'), subject: header('Subject') }
}
