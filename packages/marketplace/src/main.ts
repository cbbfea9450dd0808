import { runService } from '@books/service'
import { marketplace } from './service.ts'

await runService(marketplace)
