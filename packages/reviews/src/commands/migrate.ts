import { runMigrations } from '@books/service/commands'
import { reviews } from '../service.ts'

await runMigrations(reviews, process.env)
