import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { services } from '@books/store/services'
import { requireEngine } from '../containers/docker.ts'
import { openTwoAlone } from './open-two-alone.ts'
import { smokeTest } from './smoke-test.ts'
import { trialOf } from './trial.ts'

const help = `Starts the image of each service read-only, as non-root and without capabilities, calls it, and stops it under load.

  images [<service>...]     all of them unless named

Exits with 1 where an image is too big, has files that it should not have, does not serve, or loses a call.`

await runCommand({
  help,
  options: {},
  takesArguments: true,
  async run({ positionals: names }) {
    await requireEngine()
    let problemCount = 0
    const tell = (image: string, problems: readonly string[]) => {
      problemCount += problems.length
      for (const problem of problems) console.log(`  ✗ ${image} ${problem}`)
    }

    const unknown = names.filter((name) => !services.some((service) => service.name === name))
    if (unknown.length > 0) throw new StartError(`no such service: ${unknown.join(', ')}`)
    for (const service of services.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const { problems, addedMegabytes, readyMs, stopMs, calls } = await smokeTest(
        `books/${service.name}`,
        trialOf(service),
      )
      console.log(
        `${service.name.padEnd(16)} ${addedMegabytes} MB added, ready after ${readyMs} ms, ${calls} calls, stopped after ${stopMs} ms`,
      )
      tell(service.name, problems)
    }
    tell('a marketplace with recommendations alone', await openTwoAlone())
    if (problemCount > 0) process.exitCode = 1
  },
})
