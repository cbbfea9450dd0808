import { runService } from '@books/service'
import { paymentSandbox } from './service.ts'

await runService(paymentSandbox)
