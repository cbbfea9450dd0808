import { contestantOf } from './contestants.ts'

// This process serves pages. It sends its port, and for each message its CPU time in microseconds.
const [name = '', servicesPort = ''] = process.argv.slice(2)
const port = await contestantOf(name).start(Number(servicesPort))
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.on('disconnect', () => process.exit())
process.send?.(port)
