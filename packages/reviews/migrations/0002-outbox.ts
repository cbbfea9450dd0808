export { createOutboxTable as up, dropOutboxTable as down } from '@books/runtime/outbox'
