export { type Database, databaseSettings, openDatabase } from './database/database.ts'
export { DatabaseError } from './database/database-error.ts'
export { lockFile } from './database/lock-file.ts'
export { findNewestNumber, findSettledNumber, markSequenceWriter, takeNumber } from './database/sequence-writers.ts'
export { isBlank } from './is-blank.ts'
export { type LeasedWork, type LeasedWorkOptions, startLeasedWork } from './leased-work.ts'
export { createLog, type Log, logSettings } from './log.ts'
export { networkOf } from './network.ts'
export { createSemaphore, type Semaphore } from './semaphore.ts'
export { commonSettings, serverSettings } from './server-settings.ts'
export {
  durationSetting,
  givenSecretSetting,
  givenSetting,
  portSetting,
  readSettings,
  secretSetting,
  variablesOf,
} from './settings.ts'
export { StartError } from './start-error.ts'
export { type Program, type Running, startProcess } from './start-process.ts'
export { startTelemetry, type Telemetry, telemetrySettings } from './telemetry/telemetry.ts'
export { clientTlsOf, serverTlsOf, tlsSettings } from './tls.ts'
