import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createLog, openDatabase } from '@books/runtime'
import { readServiceSettings, startService } from '@books/service'
import { recommendations } from '../src/index.ts'

// Runs the service until SIGTERM, and prints the longest delay of its event loop: from its start, which comes after the opening of
// the database, to its stop. With IDLE it does nothing meanwhile, which shows the delays that the machine itself causes.
const { IDLE, ...env } = process.env
const settings = readServiceSettings(recommendations, env)
const log = createLog('recommendations', settings)
const database = IDLE ? undefined : await openDatabase(settings, log)

const delays = monitorEventLoopDelay({ resolution: 5 })
delays.enable()
const service = database && (await startService(recommendations, { settings, database, log }))
console.log('watching')
await once(process, 'SIGTERM')
delays.disable()
await service?.stop()
await database?.close()
console.log(JSON.stringify({ longestMs: delays.max / 1e6 }))
