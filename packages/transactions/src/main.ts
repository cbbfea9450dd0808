import { runService } from '@books/service'
import { transactions } from './service.ts'

await runService(transactions)
