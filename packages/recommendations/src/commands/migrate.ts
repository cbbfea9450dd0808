import { runMigration } from '@books/runtime/commands'

const migrations = new URL('../../migrations/', import.meta.url)

await runMigration({
  service: 'recommendations',
  env: process.env,
  open: (database) => database.open('recommendations', migrations),
})
