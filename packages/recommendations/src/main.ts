import { runService } from '@books/service'
import { recommendations } from './service.ts'

await runService(recommendations)
