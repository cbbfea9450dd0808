import { runOutboxCommand } from '@books/service/commands'
import { paymentSandbox } from '../service.ts'

await runOutboxCommand(paymentSandbox, process.env)
