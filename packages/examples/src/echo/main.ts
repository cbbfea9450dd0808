import { runService } from '@books/service'
import { echo } from './service.ts'

await runService(echo)
