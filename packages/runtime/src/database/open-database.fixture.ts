import { Type } from 'typebox'
import { createLog } from '../log.ts'
import { readSettings } from '../settings.ts'
import { databaseSettings, openDatabase } from './database.ts'

const settings = readSettings(Type.Object(databaseSettings), process.env)
const database = await openDatabase(settings, createLog('test', { LOG_LEVEL: 'warn', LOG_FORMAT: 'json' }))
await database.ping()
await database.close()
