import type { TransactionsServiceService } from '@books/proto'
import { type Handlers, invalidArgument } from '@books/rpc'
import { reportSales } from '../orders/sales.ts'
import type { TransactionsDeps } from './deps.ts'

const earliest = Date.UTC(1970, 0)
const latest = Date.UTC(9_999, 0)

/** Reports sales to staff. */
export function createSalesMethods({
  stores: { tables },
}: TransactionsDeps): Pick<Handlers<typeof TransactionsServiceService>, 'getSalesReport'> {
  return {
    async getSalesReport({ from, to }) {
      return { sales: await reportSales(tables, requireTime('from', from), requireTime('to', to)) }
    },
  }
}

function requireTime(field: string, time: Date | undefined): Date {
  const ms = time?.getTime() ?? Number.NaN
  if (!(ms >= earliest && ms <= latest)) throw invalidArgument(field, 'must be a time from 1970 to 9999')
  return new Date(ms)
}
