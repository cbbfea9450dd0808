import { runMigrations } from '@books/service/commands'
import { transactions } from '../service.ts'

await runMigrations(transactions, process.env)
