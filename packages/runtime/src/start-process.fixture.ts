import { StartError } from './start-error.ts'
import { startProcess } from './start-process.ts'

/** A process for the test. Its arguments choose its behaviour, and whether it has little time to stop. */
const [, , how, soon] = process.argv

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

await startProcess('fixture', () => ({ stopWithinMs: soon ? 10 : 10_000, start }))
