export { openData, type ServiceData } from './open-data.ts'
export { runMigrations } from './run-migrations.ts'
