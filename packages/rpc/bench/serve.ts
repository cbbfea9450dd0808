import { servers } from './contestants.ts'

// A process with a server. It reports its port, and on each message its CPU time in microseconds.
const [name = ''] = process.argv.slice(2)
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.on('disconnect', () => process.exit())
process.send?.(await servers[name]?.())
