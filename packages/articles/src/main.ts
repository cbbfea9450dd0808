import { runService } from '@books/service'
import { articles } from './service.ts'

await runService(articles)
