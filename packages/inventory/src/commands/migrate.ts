import { runMigrations } from '@books/service/commands'
import { inventory } from '../service.ts'

await runMigrations(inventory, process.env)
