import { runMigrations } from '@books/service/commands'
import { articles } from '../service.ts'

await runMigrations(articles, process.env)
