import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { moneyOf } from '../mails/money.ts'
import { callTransactions, whereHelp } from './call-transactions.ts'

const help = `Prints what was sold, by the day of confirmation, and what the promotion cost and brought.

  run sales-report --from 2026-11-01 --to 2026-12-01

  --from <day>  the first day, in UTC
  --to <day>    the day after the last one

${whereHelp}`

await runCommand({
  help,
  options: { from: { type: 'string' }, to: { type: 'string' } },
  async run({ values: { from, to } }) {
    if (from === undefined || to === undefined) throw new StartError(help)
    const period = { from: readDay(from), to: readDay(to) }
    const { sales } = await callTransactions(process.env, (client) => client.getSalesReport(period))
    if (sales.length === 0) console.log('nothing was sold')
    for (const { currency, ...one } of sales) {
      const money = (cents: number) => moneyOf(cents, currency)
      console.log(`${currency}
  orders             ${one.orders}, with ${one.copies} copies
  revenue            ${money(one.revenueCents)}, after ${money(one.refundedCents)} refunded
  with the promotion ${one.promotionOrders} orders: it took off ${money(one.promotionDiscountCents)}, and they brought ${money(one.promotionRevenueCents)}`)
    }
  },
})

function readDay(text: string): Date {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(Number.NaN)
  if (Number.isNaN(day.getTime())) throw new StartError(`${text} is no day, such as 2026-11-30`)
  return day
}
