import { runMigration } from '@books/runtime/commands'
import { openJournal } from '../open-journal.ts'

await runMigration({ service: 'articles', env: process.env, open: openJournal })
