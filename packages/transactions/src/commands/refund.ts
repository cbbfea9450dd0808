import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { moneyOf } from '../mails/money.ts'
import { callTransactions, whereHelp } from './call-transactions.ts'

const help = `Gives money back for an order, as it was frozen when it was placed, and mails the customer.

  run refund <order> --key <key>                     all that was not refunded
  run refund <order> --key <key> <book>=<copies>...  copies of some books

  --key <key>      names the refund: the same one is made once, however often this runs, such as the number of a ticket
  --reason <text>  for the mail; at most 200 characters
  --restock        the copies came back and can be sold again

${whereHelp}`

await runCommand({
  help,
  options: { key: { type: 'string' }, reason: { type: 'string' }, restock: { type: 'boolean' } },
  takesArguments: true,
  async run({ values: { key, reason = '', restock = false }, positionals: [orderId, ...books] }) {
    if (orderId === undefined || key === undefined) throw new StartError(help)
    const lines = books.map(readLine)
    const request = { key, orderId, lines, reason, restock }
    const { order, amountCents, isPending } = await callTransactions(process.env, (client) =>
      client.refundOrder(request),
    )
    if (!order) throw new StartError('the service answered no order')
    const { id, currency, refundedCents, totalCents } = order
    const amount = moneyOf(amountCents, currency)
    if (isPending) {
      console.log(`${id}: ${amount} will be given back; run this again to see when it is`)
      return
    }
    console.log(
      `${id}: ${amount} given back, ${moneyOf(refundedCents, currency)} of ${moneyOf(totalCents, currency)} in all`,
    )
  },
})

function readLine(text: string) {
  const [, bookId, copies] = /^(\d{1,9})=(\d{1,4})$/.exec(text) ?? []
  if (bookId === undefined) throw new StartError(`${text} is no book and its copies, such as 7=1`)
  return { bookId: Number(bookId), copies: Number(copies) }
}
