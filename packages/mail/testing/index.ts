import { EventEmitter, on } from 'node:events'
import { type Mailer, type NewMail, readAddress, renderMail } from '../src/index.ts'

/** A mail that was sent. */
export interface SentMail extends NewMail {
  text: string
  html: string
}

/** A mailer that keeps what was sent, in memory. */
export interface TestMailer extends Mailer {
  /** Everything that was sent, the oldest first. */
  readonly sent: readonly SentMail[]
  /** Resolves to the oldest mail to this address that no earlier call got, once there is one. */
  waitFor(to: string): Promise<SentMail>
}

/** Creates a mailer for the tests of a service. */
export function createTestMailer(): TestMailer {
  const sent: SentMail[] = []
  const waiting = new Set<SentMail>()
  const mails = new EventEmitter()
  const keyOf = (to: string) => readAddress(to)?.key

  function take(to: string): SentMail | undefined {
    const found = [...waiting].find((mail) => keyOf(mail.to) === keyOf(to))
    if (found) waiting.delete(found)
    return found
  }

  return {
    sent,
    async send(mail) {
      const all = { ...mail, ...renderMail(mail.content) }
      sent.push(all)
      waiting.add(all)
      mails.emit('sent')
    },
    async waitFor(to) {
      const events = on(mails, 'sent')
      for (let found = take(to); ; found = take(to)) {
        if (found) {
          await events.return?.()
          return found
        }
        await events.next()
      }
    },
    close() {},
  }
}
