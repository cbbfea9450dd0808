import { resolve } from 'node:path'
import { readSettings, StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { Type } from 'typebox'
import { mailSettings } from '../mail-settings.ts'
import { createMailbox } from '../mailbox/mailbox.ts'
import { mailboxFolderOf } from '../mailbox/mailbox-folder.ts'

const help = `Shows the local mailbox: mail that no server takes, as SMTP_URL is not set.

  mailbox                    lists the newest mails, each with its number
  mailbox <number>           prints one: 1 is the newest
  mailbox <number> --html    prints its HTML part

--folder names another folder than that of MAILBOX_DIR, or \`mailbox\` in DATA_DIR. In the store in one process /mailbox shows the same.`

const longestList = 50
const schema = Type.Object({ MAILBOX_DIR: mailSettings.MAILBOX_DIR, DATA_DIR: mailSettings.DATA_DIR })

await runCommand({
  help,
  options: { html: { type: 'boolean' }, folder: { type: 'string' } },
  takesArguments: true,
  async run({ values: { html = false, folder: given }, positionals: [number, ...rest] }) {
    if (rest.length > 0) throw new StartError(help)
    const folder = given ?? mailboxFolderOf(readSettings(schema, process.env))
    if (folder === undefined) throw new StartError('there is no mailbox: the data are in memory')
    const mails = await createMailbox(folder).list(longestList)

    if (number === undefined) {
      for (const [index, { time, to, subject }] of mails.entries()) {
        console.log(`${String(index + 1).padStart(2)}  ${time.toISOString()}  ${to}  ${subject}`)
      }
      if (mails.length === 0) console.log(`there is no mail in ${resolve(folder)}`)
      return
    }
    const mail = /^\d+$/.test(number) ? mails[Number(number) - 1] : undefined
    if (!mail) throw new StartError(`there is no mail ${number} in ${resolve(folder)}`)
    console.log(html ? mail.html : [`To: ${mail.to}`, `Subject: ${mail.subject}`, '', mail.text].join('\n'))
  },
})
