import { runMigrations } from '@books/service/commands'
import { recommendations } from '../service.ts'

await runMigrations(recommendations, process.env)
