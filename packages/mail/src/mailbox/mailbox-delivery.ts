import { accessSync, constants, mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Log } from '@books/runtime'
import { createTransport } from 'nodemailer'
import { composeMail, type Sender } from '../compose-mail.ts'
import type { MailSettings } from '../mail-settings.ts'
import type { Delivery } from '../smtp-delivery.ts'
import { createMailbox } from './mailbox.ts'
import { mailboxFolderOf } from './mailbox-folder.ts'

/** Delivers mail to the local mailbox, or nowhere where that cannot be written; a log line says which. */
export function createMailboxDelivery(settings: MailSettings, from: Sender, log: Log): Delivery {
  const folder = mailboxFolderOf(settings)
  const problem = folder === undefined ? 'the data are in memory' : findProblem(folder)
  if (folder === undefined || problem) {
    log.warn({ folder, problem }, 'mail is not sent and not kept: set SMTP_URL, or MAILBOX_DIR to a folder')
    return { async deliver() {}, close() {} }
  }

  log.info({ folder: resolve(folder) }, 'mail goes to the local mailbox')
  const mailbox = createMailbox(folder)
  const transport = createTransport({ streamTransport: true, buffer: true })
  return {
    async deliver(mail) {
      const { message } = await transport.sendMail(composeMail(mail, from))
      await mailbox.add(mail.key, message as Buffer)
    },
    close: () => transport.close(),
  }
}

function findProblem(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}
