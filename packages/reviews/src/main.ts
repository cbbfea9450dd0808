import { runService } from '@books/service'
import { reviews } from './service.ts'

await runService(reviews)
