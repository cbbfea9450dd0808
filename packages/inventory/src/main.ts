import { runService } from '@books/service'
import { inventory } from './service.ts'

await runService(inventory)
