export { callAsStaff, whereHelpOf } from './call-as-staff.ts'
export { openData, type ServiceData } from './open-data.ts'
export { runMigrations } from './run-migrations.ts'
export { runOutboxCommand } from './run-outbox-command.ts'
