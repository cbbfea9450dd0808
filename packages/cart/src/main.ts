import { runService } from '@books/service'
import { cart } from './service.ts'

await runService(cart)
