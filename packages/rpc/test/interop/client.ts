import { StartError } from '@books/runtime'
import { choicesOption, numberOption, runCommand } from '@books/runtime/commands'
import { addressOf } from '../../src/index.ts'
import { interopCases } from './cases.ts'
import { readTlsFiles, sharedHelp, sharedOptions } from './command.ts'
import { runCase } from './run-case.ts'

const names = Object.keys(interopCases)
const help = `Tests a server of grpc.testing.TestService, this one or that of another implementation.

  node test/interop/client.ts --server_port=PORT --test_case=CASE [options]

  --server_host=HOST      localhost
  --server_port=PORT      where the server listens
  --test_case=CASE        one of these; all of them without this option:
${names.map((name) => `                            ${name}`).join('\n')}
${sharedHelp}`

await runCommand({
  help,
  options: {
    ...sharedOptions,
    server_host: { type: 'string', default: 'localhost' },
    server_port: numberOption(undefined, { most: 65_535 }),
    test_case: choicesOption(names, names),
  },
  async run({ values: { server_host, server_port, test_case, ...files } }) {
    if (server_port === undefined) throw new StartError(help)
    const server = { address: addressOf(server_host, server_port), tls: readTlsFiles(files) }
    for (const name of test_case) {
      await runCase(name, server)
      console.log(`${name}: OK`)
    }
  },
})
