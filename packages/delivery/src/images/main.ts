import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { requireEngine } from '../containers/docker.ts'
import { openTwoAlone } from './open-two-alone.ts'
import { smokeTest } from './smoke-test.ts'
import { trials } from './trials.ts'

const help = `Starts the image of each service with all taken away that it can do without, calls it, and stops it under load.

  images <service>...

Exits with 1 where an image is too big, has what it should not have, does not serve, or loses a call.`

await runCommand({
  help,
  options: {},
  async run({ positionals: services }) {
    if (services.length === 0) throw new StartError(help)
    await requireEngine()
    let problemCount = 0
    const tell = (image: string, problems: readonly string[]) => {
      problemCount += problems.length
      for (const problem of problems) console.log(`  ✗ ${image} ${problem}`)
    }

    for (const service of services) {
      const trial = trials[service]
      if (!trial) throw new StartError(`nobody has said how ${service} is tried: see trials.ts`)
      const { problems, addedMegabytes, readyMs, stopMs, calls } = await smokeTest(`books/${service}`, trial)
      console.log(
        `${service.padEnd(16)} ${addedMegabytes} MB added, ready after ${readyMs} ms, ${calls} calls, stopped after ${stopMs} ms`,
      )
      tell(service, problems)
    }
    tell('a shop with recommendations alone', await openTwoAlone())
    if (problemCount > 0) process.exitCode = 1
  },
})
