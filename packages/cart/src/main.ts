import { runService } from '@books/service/run'

await runService(async () => (await import('./service.ts')).cart)
