import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createLog } from '@books/runtime'
import { openServiceDatabase, readServiceSettings, startService } from '@books/service'
import { services } from '../src/services.ts'

// Starts a service on a port that is taken. The process ends by itself, if nothing is left of the attempt.
const service = services.find(({ name }) => name === process.argv[2])
if (!service) throw new Error('name a service')
const log = createLog('test', { LOG_LEVEL: 'error', LOG_FORMAT: 'json' })
const taken = createServer().listen(0, '127.0.0.1')
await once(taken, 'listening')
const PORT = String((taken.address() as AddressInfo).port)

const settings = readServiceSettings(service, { HOST: '127.0.0.1', PORT })
const database = await openServiceDatabase({ DATA_DIR: 'memory://' }, log)
await startService(service, { settings, log, database }).catch((error: Error) => console.log(error.message))
await database.close()
taken.close()
