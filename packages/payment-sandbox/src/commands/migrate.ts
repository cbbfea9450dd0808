import { runMigrations } from '@books/service/commands'
import { paymentSandbox } from '../service.ts'

await runMigrations(paymentSandbox, process.env)
