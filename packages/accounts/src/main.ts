import { runService } from '@books/service'
import { accounts } from './service.ts'

await runService(accounts)
