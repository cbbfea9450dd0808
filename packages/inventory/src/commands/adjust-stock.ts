import { RpcError } from '@books/rpc'
import { StartError } from '@books/runtime'
import { choiceOption, runCommand } from '@books/runtime/commands'
import { openData } from '@books/service/commands'
import { inventory } from '../service.ts'
import { adjustStock } from '../stock/adjust-stock.ts'
import { type AdjustmentReason, problemOfDelta } from '../stock/adjustment.ts'
import { showCopies } from '../stock/availability-publisher.ts'
import { isKey } from '../stock/fields.ts'
import { createStockStore } from '../stock/stock-store.ts'

const reasons = ['received', 'corrected', 'returned'] as const satisfies AdjustmentReason[]

const help = `Changes how many copies of a book are free.

  run adjust-stock <book id> <delta> --reason <reason> --key <key>

  --reason   received: came from a supplier; corrected: were lost, damaged or counted wrong (the only one that may be negative);
             returned: sold copies that a customer sent back
  --key      names the change, such as the number of a delivery note: the same one is made once, however often it is asked for

Writes to the database of DATABASE_URL or DATA_DIR. Stop a service that uses the folder of DATA_DIR first.`

await runCommand({
  help,
  options: { reason: choiceOption(reasons), key: { type: 'string' } },
  takesArguments: true,
  async run({ values: { reason, key = '' }, positionals: [book, copies, ...others] }) {
    if (!book || !copies || !reason || others.length > 0) throw new StartError(help)
    const bookId = /^\d{1,9}$/.test(book) ? Number(book) : 0
    if (bookId === 0) throw new StartError(`${book} is no id of a book`)
    if (!isKey(key)) throw new StartError('--key must be 1 to 100 printable ASCII characters')
    const delta = /^[+-]?\d{1,9}$/.test(copies) ? Number(copies) : Number.NaN
    const problem = problemOfDelta({ delta, reason })
    if (problem) throw new StartError(`the delta ${copies} ${problem}`)

    await using data = await openData(inventory, { command: 'adjust-stock', env: process.env })
    const adjusting = adjustStock(createStockStore(data.tables), key, { bookId, delta, reason })
    const { after } = await adjusting.catch((error: unknown) => {
      throw error instanceof RpcError ? new StartError(error.message) : error
    })
    await showCopies(data.tables, [bookId])
    console.log(`book ${bookId}: ${after.free} free, ${after.held} held, ${after.sold} sold`)
  },
})
