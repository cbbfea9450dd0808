import { fileURLToPath } from 'node:url'
import { StartError } from '@books/runtime'
import { numberOption, runCommand } from '@books/runtime/commands'
import { services } from '@books/store/services'
import { findPort } from './find-port.ts'
import { scaffold } from './scaffold.ts'

const help = `Writes a new service: its contract, its package and its line in the list of services.

  make service NAME=gift-cards [DATABASE=1] [PORT=50061]

  DATABASE=1  with a migration and a store
  PORT        the port that it listens on (default: the next free one)`

await runCommand({
  help,
  options: { database: { type: 'boolean', default: false }, port: numberOption(undefined, { most: 65_535 }) },
  takesArguments: true,
  async run({ values, positionals: [name, ...others] }) {
    if (!name || others.length > 0) throw new StartError(help)
    const port = values.port ?? findPort(services)
    const taken = services.find((service) => service.port === port)
    if (taken) throw new StartError(`PORT ${port} is that of ${taken.name}`)

    const root = fileURLToPath(new URL('../../../../', import.meta.url))
    for (const path of await scaffold({ root, name, port, hasDatabase: values.database })) console.log(`wrote ${path}`)
  },
})
