import { runOutboxCommand } from '@books/service/commands'
import { reviews } from '../service.ts'

await runOutboxCommand(reviews, process.env)
