import { parseArgs } from 'node:util'
import { addressOf } from '../../src/index.ts'
import { interopCases } from './cases.ts'
import { readTlsFiles, sharedHelp, sharedOptions } from './command.ts'
import { runCase } from './run-case.ts'

const help = `Tests a server of grpc.testing.TestService, this one or that of another implementation.

  node test/interop/client.ts --server_port=PORT --test_case=CASE [options]

  --server_host=HOST      localhost
  --server_port=PORT      where the server listens
  --test_case=CASE        one of these; all of them without this option:
${Object.keys(interopCases)
  .map((name) => `                            ${name}`)
  .join('\n')}
${sharedHelp}`

const { values } = parseArgs({
  options: {
    ...sharedOptions,
    server_host: { type: 'string', default: 'localhost' },
    server_port: { type: 'string', default: '' },
    test_case: { type: 'string' },
  },
})
if (values.help) console.log(help)
else await main()

async function main() {
  const address = addressOf(values.server_host, Number(values.server_port))
  const cases = values.test_case ? [values.test_case] : Object.keys(interopCases)

  for (const name of cases) {
    await runCase(name, { address, tls: readTlsFiles(values) })
    console.log(`${name}: OK`)
  }
}
