import { createProgressBar, runCommand } from '@books/runtime/commands'
import { callTransactions, whereHelp } from './call-transactions.ts'

const help = `Mails "Buy two, get the cheapest third free" to the readers who accept offers and have not used it, each once. It can be run again,
and goes on where it was ended: who was mailed before is left out.

  run campaign

${whereHelp}`

await runCommand({
  help,
  options: {},
  async run() {
    const progress = createProgressBar(process.stdout)
    let last = { readers: 0, mailed: 0 }
    await callTransactions(process.env, async (client) => {
      for await (const message of client.runCampaign({}, { deadlineMs: Number.POSITIVE_INFINITY })) {
        last = message
        progress.show('Readers', message.readers)
      }
    })
    progress.end()
    console.log(`Readers who accept offers: ${last.readers}. Mails on their way: ${last.mailed}.`)
  },
})
