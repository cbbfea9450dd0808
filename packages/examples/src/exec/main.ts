import { runService } from '@books/service'
import { exec } from './service.ts'

await runService(exec)
