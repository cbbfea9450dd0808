import { runOutboxCommand } from '@books/service/commands'
import { transactions } from '../service.ts'

await runOutboxCommand(transactions, process.env)
