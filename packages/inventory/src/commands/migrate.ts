import { runMigration } from '@books/runtime/commands'
import { openBooks } from '../open-books.ts'

await runMigration({ service: 'inventory', env: process.env, open: openBooks })
