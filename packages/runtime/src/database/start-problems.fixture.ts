import { Type } from 'typebox'
import { createLog } from '../log.ts'
import { readSettings } from '../settings.ts'
import { startProcess } from '../start-process.ts'
import { databaseSettings, openDatabase } from './database.ts'

/** A process for the test that opens its database and ends. */
await startProcess('fixture', () => {
  const settings = readSettings(Type.Object(databaseSettings), process.env)
  return {
    stopWithinMs: 10_000,
    async start() {
      const database = await openDatabase(settings, createLog('test', { LOG_LEVEL: 'error', LOG_FORMAT: 'json' }))
      await database.open('ours', new URL('./start-problems.fixture/', import.meta.url))
      return { stop: database.close }
    },
  }
})
