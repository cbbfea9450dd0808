export { createOutboxTable as up, dropOutboxTable as down } from '../outbox-table.ts'
