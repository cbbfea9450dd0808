import { StartError } from './start-error.ts'
import { startProcess } from './start-process.ts'

/** A process for the test. Its arguments choose its behaviour, and how much time it has to stop. */
const [, , how, time = 'enough'] = process.argv
const stopTimes: Record<string, number> = { soon: 10, enough: 10_000, late: 2 ** 31 }

const start = async () => {
  if (how === 'refuse') throw new StartError('wrong settings: PORT is missing')
  if (how === 'break') throw new TypeError('a bug')
  const alive = setInterval(() => {}, 1_000)
  console.log('started')

  return {
    async stop() {
      console.log('stopping')
      if (how === 'hang') await new Promise(() => {})
      clearInterval(alive)
    },
  }
}

await startProcess('fixture', () => ({ stopWithinMs: stopTimes[time] ?? 0, start }))
