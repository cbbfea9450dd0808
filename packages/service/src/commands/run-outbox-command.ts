import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { createParkedJobs, type OutboxTables, type ParkedJob } from '@books/runtime/outbox'
import type { TablesOfService } from '../open-tables.ts'
import type { SettingsOfService } from '../service-settings.ts'
import { openData } from './open-data.ts'

/** Runs the command `outbox` of a service that has one: it lists, retries and drops parked jobs, and never prints a payload. */
export async function runOutboxCommand<Tables extends OutboxTables>(
  service: SettingsOfService & TablesOfService<Tables>,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const help = `Shows jobs of ${service.name} that are not tried any more, such as mail that was refused, and what to do with them.

  run outbox list                    lists them, the last parked first
  run outbox retry <id>...           makes them due now, with all their tries before them
  run outbox drop <id>...            ends them; what they were to do is not done

--all instead of ids means every parked job. Works on the database of DATABASE_URL or DATA_DIR. Stop a service that uses the
folder of DATA_DIR first.`

  await runCommand({
    help,
    options: { all: { type: 'boolean' } },
    takesArguments: true,
    async run({ values: { all = false }, positionals: [what = '', ...ids] }) {
      const isChange = what === 'retry' || what === 'drop'
      if (what !== 'list' && !isChange) throw new StartError(help)
      if (isChange && all === ids.length > 0)
        throw new StartError(`outbox ${what} takes ids of \`outbox list\`, or --all`)
      const wrong = ids.find((id) => !/^\d{1,18}$/.test(id))
      if (wrong !== undefined) throw new StartError(`${wrong} is no id of a job`)

      await using data = await openData(service, { command: 'outbox', env })
      const jobs = createParkedJobs(data.tables)
      const parked = await jobs.list()
      if (!isChange) {
        for (const job of parked) console.log(lineOf(job))
        if (parked.length === 0) console.log('no job is parked')
        return
      }
      const missing = ids.find((id) => !parked.some((job) => job.id === id))
      if (missing !== undefined) throw new StartError(`no parked job has the id ${missing}`)
      const changed = await jobs[what](all ? undefined : ids)
      for (const key of changed) console.log(`${what === 'retry' ? 'due again' : 'dropped'}: ${key}`)
    },
  })
}

function lineOf({ id, kind, key, attempts, parkedTime, reason }: ParkedJob): string {
  const tries = attempts === 1 ? '1 try' : `${attempts} tries`
  return `${id}  ${kind}  ${key}  parked ${parkedTime.toISOString()} after ${tries}: ${reason}`
}
