import { runOutboxCommand } from '@books/service/commands'
import { accounts } from '../service.ts'

await runOutboxCommand(accounts, process.env)
