import { runMigrations } from '@books/service/commands'
import { accounts } from '../service.ts'

await runMigrations(accounts, process.env)
