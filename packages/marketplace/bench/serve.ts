import { contestantOf } from './contestants.ts'

// A process that serves pages. It tells its port, and whenever it is asked, its time on the processor in microseconds.
const [name = '', servicesPort = ''] = process.argv.slice(2)
const port = await contestantOf(name).start(Number(servicesPort))
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.on('disconnect', () => process.exit())
process.send?.(port)
