import type { OutboxTables } from '@books/runtime/outbox'
import { defineService, migrations } from '../index.ts'
import { runOutboxCommand } from './run-outbox-command.ts'

/** A service whose tables are an outbox and nothing else. */
export const shop = defineService({
  name: 'shop',
  port: 1,
  migrations: migrations<OutboxTables>(new URL('./outbox.fixture/', import.meta.url)),
  start: async () => ({ services: [] }),
})

if (import.meta.main) await runOutboxCommand(shop, process.env)
