import { runMigrations } from '@books/service/commands'
import { cart } from '../service.ts'

await runMigrations(cart, process.env)
