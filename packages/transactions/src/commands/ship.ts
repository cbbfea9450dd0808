import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { callTransactions, whereHelp } from './call-transactions.ts'

const help = `Marks a confirmed order as sent, and mails the customer, once.

  run ship <order>

${whereHelp}`

await runCommand({
  help,
  options: {},
  takesArguments: true,
  async run({ positionals: [orderId, ...others] }) {
    if (orderId === undefined || others.length > 0) throw new StartError(help)
    const { order } = await callTransactions(process.env, (client) => client.shipOrder({ orderId }))
    console.log(`${order?.id}: sent at ${order?.shippedAt?.toISOString()}`)
  },
})
