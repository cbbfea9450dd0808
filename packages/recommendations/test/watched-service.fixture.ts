import { once } from 'node:events'
import { threadCpuUsage } from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { createLog, openDatabase } from '@books/runtime'
import { readServiceSettings, startService } from '@books/service'
import { recommendations } from '../src/index.ts'

// Runs the service until SIGTERM, and prints the most processor time that one turn of its event loop took: from its start, which
// comes after the opening of the database, to its stop. Other processes make a turn longer, but not its processor time.
const tickMs = 5
const settings = readServiceSettings(recommendations, process.env)
const log = createLog('recommendations', settings)
await using database = await openDatabase(settings, log)
await pause(tickMs)

let longestMs = 0
let before = threadCpuUsage()
const ticking = setInterval(() => {
  const { user, system } = threadCpuUsage(before)
  longestMs = Math.max(longestMs, (user + system) / 1_000)
  before = threadCpuUsage()
}, tickMs)

await using service = await startService(recommendations, { settings, database, log })
const terminated = once(process, 'SIGTERM')
console.log(`watching ${service.address}`)
await terminated
clearInterval(ticking)
console.log(JSON.stringify({ longestMs }))
